// Marks that are too many for a browser to hold one by one: hexagons where many are in sight, vector tiles where few are.

import { isNear, radiusAt, sizeFor } from "./desk_scale.js";
import { el } from "./dom.js";
import { L } from "./leaflet.js";

const LAST_ZOOM = 18;
const FINGER_PX = 10;

/** @typedef {Record<string, string>} Told  what a mark says in a tile */

/**
 * A layer of vector tiles of the marks.
 * @param {string} url  of a tile, with {z}, {x} and {y}
 * @param {(category: string) => string} colour
 */
export function tilesOf(url, colour) {
  const P = /** @type {any} */ (window).protomapsL;
  const colourOf = (/** @type {number} */ _, /** @type {{props: Told}} */ mark) => colour(mark?.props.category ?? "");
  const line = new P.LineSymbolizer({ color: colourOf, width: 3, opacity: 0.5, lineCap: "round", lineJoin: "round", per_feature: true });
  return P.leafletLayer({
    url,
    maxDataZoom: LAST_ZOOM,
    maxZoom: 22,
    paintRules: [
      { dataLayer: "areas", symbolizer: new P.PolygonSymbolizer({ fill: colourOf, opacity: 0.2, per_feature: true }) },
      { dataLayer: "areas", symbolizer: line },
      { dataLayer: "routes", symbolizer: line },
      // the white rim is a larger spot below: one symbolizer has one colour for all rims, and lets them overlap
      {
        dataLayer: "places",
        symbolizer: new P.CircleSymbolizer({ radius: (/** @type {number} */ z) => radiusAt(z) + 1.5, fill: "#ffffff" }),
      },
      { dataLayer: "places", symbolizer: new P.CircleSymbolizer({ radius: radiusAt, fill: colourOf, opacity: 0.9 }) },
    ],
    labelRules: [],
    devicePixelRatio: Math.max(window.devicePixelRatio || 1, 1.5),
    updateWhenZooming: false,
    // over the basemap, under what is chosen
    zIndex: 2,
    attribution: "",
  });
}

/**
 * What lies under the pointer in a layer of tiles, places before ways and ways before areas.
 * @param {any} layer
 * @param {import("leaflet").Map} map
 * @param {import("leaflet").LatLng} at
 * @returns {Told | null}
 */
export function markAt(layer, map, at) {
  const found = layer.views.get("").queryFeatures(at.lng, at.lat, Math.round(map.getZoom()), FINGER_PX);
  const rank = (/** @type {{layerName: string}} */ { layerName }) => ["places", "routes", "areas"].indexOf(layerName);
  const [first] = [...found].sort((one, other) => rank(one) - rank(other));
  return first ? first.feature.props : null;
}

/** The marks of a filter on a map, as tiles or hexagons by what is in sight; `remove()` takes them off for good. */
export class ManyMarks {
  /**
   * @param {import("leaflet").Map} map
   * @param {object} about
   * @param {number} about.matched
   * @param {import("leaflet").LatLngBounds} about.area  in which all lie
   * @param {{tile: string, hexagons: string}} about.urls
   * @param {URLSearchParams} about.query  the filter
   * @param {(category: string) => string} about.colour
   * @param {(told: Told) => HTMLElement} about.card
   * @param {(answer: import("geojson").FeatureCollection, size: number) => import("leaflet").Layer} about.onHexagons  draws them
   * @param {() => void} about.onTiles
   * @param {(words: string) => void} about.say
   */
  constructor(map, about) {
    this.map = map;
    this.about = about;
    /** @type {import("leaflet").Layer | null} */
    this.layer = null;
    /** What is shown: "tiles", or the hexagons' size. @type {"tiles" | number | null} */
    this.shown = null;
    this.asking = new AbortController();
    this.follow = () => this.#follow();
    this.choose = (/** @type {any} */ event) => this.#choose(event.latlng);
    map.on("moveend", this.follow);
    map.on("click", this.choose);
    this.#follow();
  }

  remove() {
    this.asking.abort();
    this.map.off("moveend", this.follow);
    this.map.off("click", this.choose);
    this.layer?.remove();
    this.layer = null;
  }

  #follow() {
    const { matched, area } = this.about;
    const isClose = isNear(matched, { sight: degrees2(this.map.getBounds()), whole: degrees2(area) });
    const wanted = isClose ? "tiles" : sizeFor(metresPerPixel(this.map));
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.asking.abort();
    this.asking = new AbortController();
    if (wanted === "tiles") this.#tiles();
    else this.#hexagons(wanted, this.asking.signal);
  }

  #tiles() {
    const { urls, query, colour, onTiles } = this.about;
    this.#replace(tilesOf(`${urls.tile}?${query}`, colour));
    onTiles();
  }

  /** @param {number} size  @param {AbortSignal} signal */
  async #hexagons(size, signal) {
    const query = new URLSearchParams(this.about.query);
    query.set("size", String(size));
    try {
      const response = await fetch(`${this.about.urls.hexagons}?${query}`, { signal });
      if (!response.ok) throw new Error(`${response.status}`);
      const answer = await response.json();
      if (!signal.aborted) this.#replace(this.about.onHexagons(answer, size));
    } catch (error) {
      if (signal.aborted) return;
      this.shown = null;
      this.about.say("Fikk ikke hentet sekskantene. Flytt kartet litt for å prøve igjen.");
      console.warn(error);
    }
  }

  /** @param {import("leaflet").Layer} layer */
  #replace(layer) {
    this.layer?.remove();
    this.layer = layer.addTo(this.map);
  }

  /** @param {import("leaflet").LatLng} at */
  #choose(at) {
    if (this.shown !== "tiles" || !this.layer) return;
    const told = markAt(this.layer, this.map, at);
    if (told)
      L.popup({ maxWidth: 280 })
        .setLatLng(at)
        .setContent(el("div", {}, this.about.card(told)))
        .openOn(this.map);
  }
}

/** @param {import("leaflet").LatLngBounds} bounds */
function degrees2(bounds) {
  return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
}

/** @param {import("leaflet").Map} map */
function metresPerPixel(map) {
  return (40_075_016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
}
