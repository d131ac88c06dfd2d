// The map of the workbench: marks, hexagons or heat, a legend that says what is seen, and what a mark says when it is chosen.

import { L } from "./leaflet.js";

/**
 * @typedef {object} PageData
 * @property {{summary: string, marks: string, hexagons: string, heat: string}} urls
 * @property {(import("./basemap.js").Basemap & {default: boolean})[]} basemaps
 * @property {import("geojson").MultiPolygon} study_area
 * @property {Record<string, {label: string, colour: string, theme: string}>} categories
 * @property {Record<string, string>} modes
 * @property {Record<string, string>} grade_bands
 */

/** @typedef {{category: string, mode: string, comment: string, grade_band: string}} MarkProperties */
/** @typedef {{children: number | null, said: string, size_m: number}} CellProperties */

/** Viridis from few to many, darker means more; colour-blind-safe and in order when printed grey. */
const STEPS = ["#c2df23", "#52c569", "#1e9b8a", "#33638d", "#440154"];
const FEW = "#fdf3b0";

export class DeskMap {
  /** @param {HTMLElement} element  @param {HTMLElement} legend  @param {PageData} data */
  constructor(element, legend, data) {
    this.legend = legend;
    this.data = data;
    this.map = L.map(element, { preferCanvas: true, zoomSnap: 0.5, minZoom: 4, maxZoom: 20 });
    this.map.attributionControl?.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(this.map);
    L.geoJSON(data.study_area, { style: { color: "#4b5b73", weight: 2, dashArray: "6 6", fill: false }, interactive: false }).addTo(
      this.map,
    );
    this.layer = L.layerGroup().addTo(this.map);
    /** @type {any} */
    this.marks = null;
    this.map.on("zoomend", () => this.marks?.eachLayer((/** @type {any} */ drawn) => drawn.setRadius?.(this.#radius())));
  }

  /** @returns {number} of a place in pixels: small over the whole town, large enough to hit when near */
  #radius() {
    return Math.min(8, Math.max(3.5, (this.map.getZoom() - 10) * 1.2));
  }

  /** @param {any} bounds  Leaflet's */
  fit(bounds) {
    this.map.fitBounds(bounds, { padding: [12, 12] });
  }

  /** @param {string} text  a sentence in the legend's place; empty for the legend itself */
  say(text) {
    if (text) this.legend.replaceChildren(text);
  }

  /** @param {"marks" | "hexagons" | "heat"} what  @param {any} answer  the server's */
  show(what, answer) {
    this.layer.clearLayers();
    this.marks = null;
    if (what === "marks") this.#marks(answer);
    else if (what === "hexagons") this.#hexagons(answer);
    else this.#heat(answer);
  }

  /** @param {import("geojson").FeatureCollection & {numberMatched: number}} answer */
  #marks(answer) {
    const colour = (/** @type {any} */ feature) => this.data.categories[feature.properties.category]?.colour ?? "#14233a";
    const layer = L.geoJSON(answer, {
      pointToLayer: (/** @type {any} */ feature, /** @type {any} */ at) =>
        L.circleMarker(at, { radius: this.#radius(), color: "#ffffff", weight: 1, fillColor: colour(feature), fillOpacity: 0.9 }),
      style: (/** @type {any} */ feature) =>
        feature.geometry.type === "Point"
          ? {}
          : { color: colour(feature), weight: 3, opacity: 0.55, fillOpacity: 0.2, lineCap: "round", lineJoin: "round" },
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ drawn) =>
        drawn.bindPopup(() => this.#card(feature.properties), { maxWidth: 280 }),
    });
    this.layer.addLayer(layer);
    this.marks = layer;
    if (answer.numberMatched > 0 && answer.features.length === 0) {
      this.say(`${answer.numberMatched} merker er for mange til å vises ett for ett. Velg «Sekskanter», eller filtrer.`);
      return;
    }
    const shown = new Set(answer.features.map((feature) => feature.properties?.category));
    /** @type {Map<string, {theme: string, labels: string[]}>} */
    const byColour = new Map();
    for (const [code, category] of Object.entries(this.data.categories)) {
      if (!shown.has(code)) continue;
      const key = byColour.get(category.colour) ?? { theme: category.theme, labels: [] };
      key.labels.push(category.label);
      byColour.set(category.colour, key);
    }
    this.#keys([...byColour].map(([swatch, { theme, labels }]) => [swatch, labels.length > 2 ? theme : labels.join(", ")]));
  }

  /** @param {import("geojson").FeatureCollection} answer */
  #hexagons(answer) {
    const most = Math.max(5, ...answer.features.map((feature) => feature.properties?.children ?? 0));
    const limits = limitsUpTo(most);
    const colour = (/** @type {CellProperties} */ cell) =>
      cell.children === null ? FEW : (STEPS[limits.findIndex((limit) => Number(cell.children) <= limit)] ?? STEPS[STEPS.length - 1]);
    const layer = L.geoJSON(answer, {
      style: (/** @type {any} */ feature) => ({ color: "#ffffff", weight: 0.7, fillColor: colour(feature.properties), fillOpacity: 0.75 }),
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ drawn) =>
        drawn.bindTooltip(`${feature.properties.said} barn`, { sticky: true }),
    });
    this.layer.addLayer(layer);
    const keys = limits.map((limit, index) => [STEPS[index] ?? "", range(index ? (limits[index - 1] ?? 0) + 1 : 5, limit)]);
    this.#keys([[FEW, "1–4 barn"], ...keys]);
  }

  /** @param {{bounds: [[number, number], [number, number]], image: string, peak_per_km2: number}} answer */
  #heat(answer) {
    this.layer.addLayer(L.imageOverlay(answer.image, answer.bounds, { opacity: 0.75, alt: "Varmekart over merkene" }));
    this.#keys([
      [STEPS[0] ?? "", "færre merker"],
      [STEPS[2] ?? "", "flere"],
      [STEPS[4] ?? "", `flest: ${answer.peak_per_km2.toLocaleString("nb")} per km²`],
    ]);
  }

  /** @param {string[][]} pairs  colour and words */
  #keys(pairs) {
    this.legend.replaceChildren(
      ...pairs.map(([colour, words]) => {
        const item = document.createElement("span");
        item.className = "legend__item";
        const swatch = document.createElement("span");
        swatch.className = "legend__swatch";
        swatch.style.setProperty("--swatch", colour ?? "");
        item.append(swatch, words ?? "");
        return item;
      }),
    );
  }

  /** @param {MarkProperties} mark  @returns {HTMLElement} what the mark says, as text only */
  #card(mark) {
    const card = document.createElement("div");
    const line = (/** @type {string} */ text, name = "") => {
      const row = document.createElement("div");
      row.textContent = text;
      row.className = name;
      if (text) card.append(row);
    };
    line(this.data.categories[mark.category]?.label ?? mark.category, "mark-card__title");
    line(this.data.grade_bands[mark.grade_band] ?? "");
    line(this.data.modes[mark.mode] ?? "");
    line(mark.comment ? `«${mark.comment}»` : "");
    return card;
  }
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
