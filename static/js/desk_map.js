// The map of the workbench: marks, hexagons or heat, a legend that says what is seen, and what a mark says when it is chosen.

import { drawHeat, heatKeys } from "./desk_heat.js";
import { drawThings } from "./desk_layer.js";
import { ManyMarks } from "./desk_many.js";
import { MORE, radiusAt, scaleOf } from "./desk_scale.js";
import { el } from "./dom.js";
import { L } from "./leaflet.js";

/** @typedef {"marks" | "hexagons" | "heat" | "spots" | "streets" | "difference" | "within"} Show */

/**
 * @typedef {object} PageData
 * @property {Record<Show | "summary" | "tile", string>} urls
 * @property {(import("./basemap.js").Basemap & {default: boolean, name?: string})[]} basemaps
 * @property {import("geojson").MultiPolygon} study_area
 * @property {Record<string, {label: string, colour: string, theme: string}>} categories
 * @property {Record<string, string>} modes
 * @property {Record<string, string>} grade_bands
 */

/** @typedef {{category: string, mode: string, comment: string, grade_band: string}} MarkProperties */
/** @typedef {import("./desk_scale.js").Key} Key */

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
    /** @type {any} what the planner looks at in a list */
    this.mark = null;
    /** @type {ReturnType<typeof drawThings> | null} the things of a layer, where they are what is shown */
    this.things = null;
    /** @type {ManyMarks | null} the marks, where they are too many to be drawn one by one */
    this.many = null;
    /** The filter that what is shown was asked with. */
    this.query = new URLSearchParams();
    /** @type {(number: number) => void} told when one of them is chosen on the map */
    this.onThing = () => {};
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
      this.things?.dot(this.map);
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

  /** @param {Show} what  @param {any} answer  the server's */
  show(what, answer) {
    this.layer.clearLayers();
    this.drawn.clear();
    this.things = null;
    this.many?.remove();
    this.many = null;
    const shows = {
      marks: () => this.#marks(answer),
      hexagons: () => this.#hexagons(answer),
      heat: () => this.#heat(answer),
      spots: () => this.#spots(answer),
      streets: () => this.#streets(answer),
      difference: () => this.#difference(answer),
      within: () => this.#within(answer),
    };
    shows[what]();
  }

  /** @param {import("geojson").Position[]} line  to bring in sight and mark */
  look(line) {
    this.mark?.remove();
    const at = line.map(([lon = 0, lat = 0]) => L.latLng(lat, lon));
    this.mark = L.polyline(at, { color: "#14233a", weight: 14, opacity: 0.35, lineCap: "butt", interactive: false }).addTo(this.layer);
    this.map.fitBounds(L.latLngBounds(at), { maxZoom: 17, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  /** @param {number} number  the thing of a layer to mark  @param {boolean} go  whether to bring it in sight */
  choose(number, go) {
    const thing = /** @type {any} */ (this.things?.choose(number));
    if (!thing || !go) return;
    const bounds = thing.getBounds ? thing.getBounds() : L.latLngBounds([thing.getLatLng()]);
    this.map.fitBounds(bounds, { maxZoom: 16, padding: [40, 40], animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
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

  /** @param {import("geojson").FeatureCollection & {numberMatched: number, isTooMany: boolean}} answer */
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
    if (answer.isTooMany) {
      this.#many(answer.numberMatched);
      return;
    }
    this.#keys(`${answer.features.length} merker på kartet`, this.#markKeys(answer.features));
  }

  /** @param {number} matched  so many marks that they are shown as hexagons until the map is zoomed in */
  #many(matched) {
    const words = `${matched.toLocaleString("nb")} merker`;
    this.many = new ManyMarks(this.map, {
      matched,
      area: this.area.getBounds(),
      urls: this.data.urls,
      query: this.query,
      colour: (category) => this.data.categories[category]?.colour ?? "#14233a",
      card: (told) => this.#card(/** @type {any} */ (told)),
      onHexagons: (answer, size) => {
        const scale = scaleOf(answer.features);
        this.#keys(`Barn i sekskanter på ${size} m`, scale.keys, `${words} til sammen. Zoom inn for å se dem ett for ett.`);
        return this.#cellLayer(answer, scale.colour, ({ said }) => `${said} barn`);
      },
      onTiles: () => this.#keys("Merker", this.#allKeys(), `${words} til sammen. Velg ett for å lese det.`),
      say: (sentence) => this.say(sentence),
    });
  }

  /** @returns {Key[]} the keys for when nobody counts the marks in sight */
  #allKeys() {
    const one = (/** @type {string} */ category) => /** @type {any} */ ({ properties: { category } });
    return this.#markKeys(Object.keys(this.data.categories).map(one)).map(({ colour, words }) => ({ colour, words }));
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
    const scale = scaleOf(answer.features);
    this.#cells(answer, scale.colour, ({ said }) => `${said} barn`);
    this.#keys(`Barn i ${answer.features.length} sekskanter`, scale.keys);
  }

  /** @param {import("geojson").FeatureCollection & {source: string}} answer */
  #streets(answer) {
    const scale = scaleOf(answer.features);
    const layer = L.geoJSON(answer, {
      style: (/** @type {any} */ feature) => ({
        color: scale.colour(feature.properties),
        weight: feature.properties.children === null ? 4 : 7,
        opacity: 0.9,
        lineCap: "butt",
      }),
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ drawn) =>
        // an element and not a string, which Leaflet would read as HTML: names come from files
        drawn.bindTooltip(el("span", {}, [feature.properties.name, `${feature.properties.said} barn`].filter(Boolean).join(": ")), {
          sticky: true,
        }),
    });
    this.layer.addLayer(layer);
    this.#keys(`Barn langs ${answer.features.length} strekninger`, scale.keys, answer.source && `Gater: ${answer.source}`);
  }

  /** @param {import("./desk_layer.js").LayerAnswer} answer */
  #within(answer) {
    if (answer.layer === null) {
      this.say("Kommunen har ingen kartlag.");
      return;
    }
    this.things = drawThings(answer, (number) => this.onThing(number));
    this.layer.addLayer(this.things.layer);
    this.things.dot(this.map);
    const name = answer.layers.find(({ value }) => value === answer.layer)?.label ?? "";
    const left = answer.numberMatched - answer.features.length;
    this.#keys(
      `Barn i ${name}`,
      this.things.keys,
      answer.radius_m === null ? "" : `Ved punkter og linjer: merket inntil ${answer.radius_m} m unna.`,
      left > 0 ? `${left} til er ikke tegnet.` : "",
      `${name}: ${answer.source}`,
    );
  }

  /** @param {import("geojson").FeatureCollection & {tested: number, is_enough: boolean}} answer */
  #spots(answer) {
    const found = (/** @type {number} */ kind) => answer.features.filter((feature) => feature.properties?.kind === kind).length;
    this.#cells(
      answer,
      ({ kind }) => (kind > 0 ? MORE.first : MORE.second),
      ({ kind, around, p }) => `${kind > 0 ? "Flere" : "Færre"} enn tilfeldig: ${around} barn her og rundt (p = ${number(p)})`,
    );
    this.#keys(
      "Steder som samler seg",
      [
        { colour: MORE.first, words: "flere enn tilfeldig", count: found(1) },
        { colour: MORE.second, words: "færre enn tilfeldig", count: found(-1) },
      ],
      answer.is_enough
        ? `Av ${number(answer.tested)} sekskanter i området.`
        : `Området har bare ${answer.tested} sekskanter av denne størrelsen. Velg mindre.`,
    );
  }

  /** @param {import("geojson").FeatureCollection & {groups: {label: string, children: number}[]}} answer */
  #difference(answer) {
    const [first, second] = answer.groups;
    if (!first || !second) {
      this.say("Velg to grupper over kartet.");
      return;
    }
    const found = (/** @type {number} */ more) => answer.features.filter((feature) => feature.properties?.more === more).length;
    this.#cells(
      answer,
      ({ more }) => (more === 0 ? MORE.neither : more > 0 ? MORE.first : MORE.second),
      (cell) =>
        [
          `${first.label}: ${cell.first} av ${first.children} barn`,
          `${second.label}: ${cell.second} av ${second.children} barn`,
          `Forskjell ${number(cell.share)} prosentpoeng (95 %: ${number(cell.low)} til ${number(cell.high)}), p = ${number(cell.p)}`,
        ].map((line) => el("div", {}, line)),
    );
    this.#keys("Andel av barna", [
      { colour: MORE.first, words: `flere av ${first.label}`, count: found(1) },
      { colour: MORE.second, words: `flere av ${second.label}`, count: found(-1) },
      { colour: MORE.neither, words: "kan være tilfeldig", count: found(0) },
    ]);
  }

  /**
   * Hexagons in colours.
   * @param {import("geojson").FeatureCollection} answer
   * @param {(cell: any) => string} colour
   * @param {(cell: any) => string | HTMLElement[]} words  said where the pointer is
   */
  #cells(answer, colour, words) {
    this.layer.addLayer(this.#cellLayer(answer, colour, words));
  }

  /**
   * @param {import("geojson").FeatureCollection} answer
   * @param {(cell: any) => string} colour
   * @param {(cell: any) => string | HTMLElement[]} words
   * @returns {import("leaflet").Layer}
   */
  #cellLayer(answer, colour, words) {
    return L.geoJSON(answer, {
      style: (/** @type {any} */ { properties }) => ({ color: "#ffffff", weight: 0.7, fillColor: colour(properties), fillOpacity: 0.75 }),
      onEachFeature: (/** @type {any} */ { properties }, /** @type {any} */ drawn) => {
        const said = words(properties);
        drawn.bindTooltip(typeof said === "string" ? said : el("div", {}, ...said), { sticky: true });
      },
    });
  }

  /** @param {import("./desk_heat.js").HeatAnswer} answer */
  #heat(answer) {
    this.layer.addLayer(drawHeat(answer));
    const { keys, notes } = heatKeys(answer);
    this.#keys("Barn per km²", keys, ...notes);
  }

  /** @param {string} title  @param {Key[]} keys  @param {...string} notes */
  #keys(title, keys, ...notes) {
    const rows = keys.map(({ colour, words, count }) =>
      el(
        "li",
        { class: "legend__item" },
        el("span", { class: "legend__swatch", vars: { "--swatch": colour } }),
        words,
        count === undefined ? null : el("span", { class: "legend__count" }, String(count)),
      ),
    );
    const said = notes.filter(Boolean).map((note) => el("p", { class: "legend__note" }, note));
    this.legend.replaceChildren(el("p", { class: "legend__title" }, title), el("ul", { class: "legend__keys" }, ...rows), ...said);
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

/** @param {number} value  @returns {string} as it is written in Norwegian */
function number(value) {
  return value.toLocaleString("nb", { maximumSignificantDigits: 3 });
}
