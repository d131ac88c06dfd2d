/** The area of the workbench's filters: drawn as a box or by hand, or a thing of a layer; its outline on the map, its name on the chip. */

import { boxText, lassoText } from "./area_text.js";
import { el } from "./dom.js";
import { L } from "./leaflet.js";
import { sketch } from "./map_sketch.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {{heading: string, choices: {value: string, label: string}[]}} Group */

const HINT = {
  box: "Dra fra hjørne til hjørne på kartet. Esc avbryter.",
  lasso: "Tegn rundt det du vil se, i én strek. To fingre flytter kartet, Esc avbryter.",
};
const TOO_SMALL = "Det ble for lite. Hold nede og dra, eller gå nærmere på kartet.";
const STYLE = { color: "#bd2340", weight: 3, fill: false, interactive: false };
/** Above the marks, which are drawn on a canvas, and in SVG, through which a pointer reaches them. */
const PANE = "area";

export class AreaChoice {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLInputElement} field  the filter; what it says is what counts
   * @param {{choices: string, outline: string}} urls
   * @param {() => void} changed  the filter is another now
   */
  constructor(map, field, urls, changed) {
    this.map = map;
    this.field = field;
    this.urls = urls;
    this.changed = changed;
    map.createPane(PANE).classList.add("area-pane");
    this.renderer = L.svg({ pane: PANE });
    this.outline = L.layerGroup().addTo(map);
    this.shown = "";
    /** @type {AbortController | null} */
    this.drawing = null;
    this.says = /** @type {HTMLElement} */ (document.getElementById("area-says"));
    this.select = /** @type {HTMLSelectElement} */ (document.getElementById("area-thing"));
    this.buttons = {
      box: /** @type {HTMLButtonElement} */ (document.getElementById("area-box")),
      lasso: /** @type {HTMLButtonElement} */ (document.getElementById("area-lasso")),
    };
    for (const shape of /** @type {("box" | "lasso")[]} */ (["box", "lasso"])) {
      this.buttons[shape].addEventListener("click", () => this.#press(shape));
    }
    this.select.addEventListener("change", () => this.choose(this.select.value));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.drawing) this.#stop("Avbrutt.");
    });
    void this.#offer();
  }

  /** Make the filter this area; "" takes it away. What cannot be is told, and the filter stays. @param {string} text */
  async choose(text) {
    if (text && !(await this.#show(text))) {
      this.#name();
      return;
    }
    this.field.value = text;
    this.says.textContent = "";
    this.changed();
  }

  /** Bring outline, list and chip in step with the filter, whoever changed it. */
  sync() {
    const text = this.field.value;
    if (text && text !== this.shown) {
      this.shown = text;
      void this.#show(text);
    } else if (!text && this.shown) {
      this.shown = "";
      this.outline.clearLayers();
    }
    this.#name();
  }

  /** @param {string} text  @returns {Promise<boolean>} whether it is an area */
  async #show(text) {
    try {
      const answer = await fetch(`${this.urls.outline}?${new URLSearchParams({ area: text })}`, {
        headers: { Accept: "application/json" },
      });
      const feature = await answer.json();
      if (!answer.ok) {
        this.says.textContent = feature.detail;
        return false;
      }
      const { name, size } = feature.properties;
      this.shown = text;
      this.field.dataset.chip = name ? `I ${name}` : `I det som er tegnet, ${size}`;
      this.outline.clearLayers();
      const lines = L.geoJSON(feature, { style: { ...STYLE, renderer: this.renderer }, pane: PANE, interactive: false });
      this.outline.addLayer(lines);
      if (!this.map.getBounds().intersects(lines.getBounds())) this.map.fitBounds(lines.getBounds(), { maxZoom: 16, padding: [40, 40] });
      return true;
    } catch (error) {
      this.says.textContent = "Fikk ikke hentet området. Prøv igjen om litt.";
      console.warn(error);
      return false;
    }
  }

  /** The list says what the filter does: a thing of it, what is drawn, or everything. */
  #name() {
    const text = this.field.value;
    this.select.querySelector("[data-drawn]")?.remove();
    if (text && ![...this.select.options].some((option) => option.value === text)) {
      this.select.options[0]?.after(
        el("option", { value: text, "data-drawn": true }, text.includes(",") ? "Det som er tegnet" : "Valgt ting"),
      );
    }
    this.select.value = text;
  }

  async #offer() {
    try {
      const answer = await fetch(this.urls.choices, { headers: { Accept: "application/json" } });
      const { groups } = /** @type {{groups: Group[]}} */ (await answer.json());
      for (const { heading, choices } of groups) {
        this.select.append(el("optgroup", { label: heading }, ...choices.map(({ value, label }) => el("option", { value }, label))));
      }
      this.select.dataset.filled = "";
      this.#name();
    } catch (error) {
      console.warn(error);
    }
  }

  /** @param {"box" | "lasso"} shape */
  #press(shape) {
    const again = this.buttons[shape].getAttribute("aria-pressed") === "true";
    this.#stop("");
    if (again) return;
    this.buttons[shape].setAttribute("aria-pressed", "true");
    this.says.textContent = HINT[shape];
    // on a phone the map lies below its tools
    this.map.getContainer().scrollIntoView({ block: "nearest" });
    this.drawing = new AbortController();
    sketch(this.map, {
      shape,
      signal: this.drawing.signal,
      onTap: () => {
        this.says.textContent = TOO_SMALL;
      },
      onDone: (line) => {
        const text = shape === "box" ? boxText(line[0], line[line.length - 1]) : lassoText(line);
        this.#stop(text ? "" : TOO_SMALL);
        if (text) void this.choose(text);
      },
    });
  }

  /** @param {string} words */
  #stop(words) {
    this.drawing?.abort();
    this.drawing = null;
    for (const button of Object.values(this.buttons)) button.setAttribute("aria-pressed", "false");
    this.says.textContent = words;
  }
}
