// The map of the workbench: marks, hexagons or heat, a legend that says what is seen, and what a mark says when it is chosen.

import { el } from "./dom.js";
import { L } from "./leaflet.js";

/**
 * @typedef {object} PageData
 * @property {{summary: string, marks: string, hexagons: string, heat: string}} urls
 * @property {(import("./basemap.js").Basemap & {default: boolean, name?: string})[]} basemaps
 * @property {import("geojson").MultiPolygon} study_area
 * @property {Record<string, {label: string, colour: string, theme: string}>} categories
 * @property {Record<string, string>} modes
 * @property {Record<string, string>} grade_bands
 */

/** @typedef {{category: string, mode: string, comment: string, grade_band: string}} MarkProperties */
/** @typedef {{children: number | null, said: string, size_m: number}} CellProperties */
/** @typedef {{colour: string, words: string, count?: number}} Key */

/** Viridis from few to many, darker means more; colour-blind-safe and in order when printed grey. */
const STEPS = ["#c2df23", "#52c569", "#1e9b8a", "#33638d", "#440154"];
const FEW = "#fdf3b0";

export class DeskMap {
  /** @param {HTMLElement} element  @param {HTMLElement} legend  @param {PageData} data */
  constructor(element, legend, data) {
    this.legend = legend;
    this.data = data;
    this.map = L.map(element, { preferCanvas: true, zoomSnap: 0.5, minZoom: 4, maxZoom: 20, zoomControl: false });
    this.map.attributionControl?.setPrefix(false);
    L.control.zoom({ zoomInTitle: "Zoom inn", zoomOutTitle: "Zoom ut" }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.area = L.geoJSON(data.study_area, {
      style: { color: "#4b5b73", weight: 2, dashArray: "6 6", fill: false },
      interactive: false,
    }).addTo(this.map);
    this.layer = L.layerGroup().addTo(this.map);
    /** @type {Map<import("geojson").Feature, any>} each mark's layer, for opening it from the list of words */
    this.drawn = new Map();
    /** Whether a mark's card is open. */
    this.isRead = false;
    this.map.on("popupopen", () => {
      this.isRead = true;
    });
    this.map.on("popupclose", () => {
      this.isRead = false;
    });
    this.map.on("zoomend", () => {
      for (const layer of this.drawn.values()) layer.setRadius?.(radiusAt(this.map.getZoom()));
    });
    this.#backButton();
  }

  /** The whole study area. */
  fit() {
    this.map.fitBounds(this.area.getBounds(), { padding: [12, 12] });
  }

  /** @returns {string} what the map shows, as the filter's bbox */
  bbox() {
    const shown = this.map.getBounds();
    return [shown.getWest(), shown.getSouth(), shown.getEast(), shown.getNorth()].map((side) => side.toFixed(6)).join(",");
  }

  /** @param {string} bbox  west,south,east,north */
  fitBox(bbox) {
    const [west = 0, south = 0, east = 0, north = 0] = bbox.split(",").map(Number);
    this.map.fitBounds([
      [south, west],
      [north, east],
    ]);
  }

  /** @param {string} text  a sentence in the legend's place */
  say(text) {
    this.legend.replaceChildren(text);
  }

  /** @param {"marks" | "hexagons" | "heat"} what  @param {any} answer  the server's */
  show(what, answer) {
    this.layer.clearLayers();
    this.drawn.clear();
    if (what === "marks") this.#marks(answer);
    else if (what === "hexagons") this.#hexagons(answer);
    else this.#heat(answer);
  }

  /** @param {import("geojson").Feature} feature  one that is on the map */
  open(feature) {
    const layer = this.drawn.get(feature);
    if (!layer) return;
    const at = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
    this.isRead = true;
    this.map.setView(at, Math.max(this.map.getZoom(), 16), { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    layer.openPopup(layer.getLatLng ? undefined : at);
  }

  /** @param {import("geojson").FeatureCollection & {numberMatched: number}} answer */
  #marks(answer) {
    const colour = (/** @type {any} */ feature) => this.data.categories[feature.properties.category]?.colour ?? "#14233a";
    const layer = L.geoJSON(answer, {
      pointToLayer: (/** @type {any} */ feature, /** @type {any} */ at) =>
        L.circleMarker(at, {
          radius: radiusAt(this.map.getZoom()),
          color: "#ffffff",
          weight: 1.5,
          fillColor: colour(feature),
          fillOpacity: 0.9,
        }),
      style: (/** @type {any} */ feature) =>
        feature.geometry.type === "Point"
          ? {}
          : { color: colour(feature), weight: 3, opacity: 0.5, fillOpacity: 0.2, lineCap: "round", lineJoin: "round" },
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ drawn) => {
        drawn.bindPopup(() => this.#card(feature.properties), { maxWidth: 280 });
        this.drawn.set(feature, drawn);
      },
    });
    // places lie over ways, else the long ways hide what was said at a crossing
    layer.eachLayer((/** @type {any} */ one) => one.getLatLng && one.bringToFront?.());
    this.layer.addLayer(layer);
    if (answer.numberMatched > 0 && answer.features.length === 0) {
      this.say(`${answer.numberMatched} merker er for mange til å vises ett for ett. Velg «Sekskanter», eller filtrer.`);
      return;
    }
    this.#keys(`${answer.features.length} merker på kartet`, this.#markKeys(answer.features));
  }

  /** @param {import("geojson").Feature[]} features  @returns {Key[]} a key for each colour: its categories, or what they have in common */
  #markKeys(features) {
    /** @type {Map<string, {labels: Set<string>, themes: Set<string>, count: number}>} */
    const byColour = new Map();
    for (const feature of features) {
      const category = this.data.categories[feature.properties?.category];
      if (!category) continue;
      const key = byColour.get(category.colour) ?? { labels: new Set(), themes: new Set(), count: 0 };
      key.labels.add(category.label);
      key.themes.add(category.theme);
      key.count += 1;
      byColour.set(category.colour, key);
    }
    return [...byColour]
      .map(([colour, { labels, themes, count }]) => ({ colour, count, words: [...(labels.size > 2 ? themes : labels)].join(", ") }))
      .sort((one, other) => other.count - one.count);
  }

  /** @param {import("geojson").FeatureCollection} answer */
  #hexagons(answer) {
    const most = Math.max(5, ...answer.features.map((feature) => feature.properties?.children ?? 0));
    const limits = limitsUpTo(most);
    const step = (/** @type {CellProperties} */ cell) =>
      cell.children === null ? -1 : limits.findIndex((limit) => Number(cell.children) <= limit);
    const layer = L.geoJSON(answer, {
      style: (/** @type {any} */ feature) => ({
        color: "#ffffff",
        weight: 0.7,
        fillColor: STEPS[step(feature.properties)] ?? FEW,
        fillOpacity: 0.75,
      }),
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ drawn) =>
        drawn.bindTooltip(`${feature.properties.said} barn`, { sticky: true }),
    });
    this.layer.addLayer(layer);
    const cells = (/** @type {number} */ wanted) =>
      answer.features.filter((feature) => step(/** @type {any} */ (feature.properties)) === wanted);
    const keys = limits.map((limit, index) => ({
      colour: STEPS[index] ?? "",
      words: range(index ? (limits[index - 1] ?? 0) + 1 : 5, limit),
      count: cells(index).length,
    }));
    this.#keys(`Barn i ${answer.features.length} sekskanter`, [{ colour: FEW, words: "1–4 barn", count: cells(-1).length }, ...keys]);
  }

  /** @param {{bounds: [[number, number], [number, number]], image: string, peak_per_km2: number}} answer */
  #heat(answer) {
    this.layer.addLayer(L.imageOverlay(answer.image, answer.bounds, { opacity: 0.8, alt: "Varmekart over merkene" }));
    this.#keys("Merker per km²", [
      { colour: STEPS[0] ?? "", words: "færre" },
      { colour: STEPS[2] ?? "", words: "flere" },
      { colour: STEPS[4] ?? "", words: `flest: ${Math.round(answer.peak_per_km2).toLocaleString("nb")} per km²` },
    ]);
  }

  /** @param {string} title  @param {Key[]} keys */
  #keys(title, keys) {
    const rows = keys.map(({ colour, words, count }) =>
      el(
        "li",
        { class: "legend__item" },
        el("span", { class: "legend__swatch", vars: { "--swatch": colour } }),
        words,
        count === undefined ? null : el("span", { class: "legend__count" }, String(count)),
      ),
    );
    this.legend.replaceChildren(el("p", { class: "legend__title" }, title), el("ul", { class: "legend__keys" }, ...rows));
  }

  /** @param {MarkProperties} mark  @returns {HTMLElement} what the mark says, as text only */
  #card(mark) {
    const category = this.data.categories[mark.category];
    const about = [this.data.grade_bands[mark.grade_band], this.data.modes[mark.mode]].filter(Boolean).join(", ");
    return el(
      "div",
      { class: "mark-card" },
      el("p", { class: "mark-card__title" }, category?.label ?? mark.category),
      mark.comment ? el("p", { class: "mark-card__words" }, `«${mark.comment}»`) : null,
      about ? el("p", { class: "mark-card__about" }, about) : null,
    );
  }

  /** A button under the zoom buttons that brings back the whole area. */
  #backButton() {
    const control = new L.Control({ position: "topleft" });
    control.onAdd = () => {
      const words = "Vis hele området";
      const button = el(
        "button",
        { type: "button", class: "map-button", title: words, "aria-label": words, onclick: () => this.fit() },
        "⤢",
      );
      L.DomEvent.disableClickPropagation(button);
      return el("div", { class: "leaflet-bar" }, button);
    };
    control.addTo(this.map);
  }
}

/** @param {number} zoom  @returns {number} pixels: small where a whole town is seen, large where a crossing is */
function radiusAt(zoom) {
  return Math.min(7, Math.max(3, 1.5 * (zoom - 12)));
}

/** @param {number} most  @returns {number[]} upper ends of up to five classes that rise like squares, each a whole number */
function limitsUpTo(most) {
  const ends = [0.04, 0.16, 0.36, 0.64, 1].map((share) => Math.round(5 + share * (most - 5)));
  return ends.filter((end, index) => index === ends.length - 1 || end < (ends[index + 1] ?? end));
}

/** @param {number} from  @param {number} to */
function range(from, to) {
  return from >= to ? `${to} barn` : `${from}–${to} barn`;
}
