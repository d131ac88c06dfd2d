/**
 * What lies under the pupil's marks: the drawn map, or a photo from the air. The photo is a provider's, and may fail to come: then the
 * drawn map, which the tablet keeps, lies over it until it does.
 */

import { addBasemap } from "../basemap.js";

/** @typedef {import("../basemap.js").Basemap & {aerial: boolean, default: boolean}} Offered  as in the bundle */
/** @typedef {"photo" | "map"} View */

/** A photo of which nothing has come by then is not coming: a guest network can hold back tiles without a word. */
const PATIENCE_MS = 6_000;
/** How often a photo that did not come is asked for again. */
const AGAIN_MS = 20_000;

export class Background {
  #map;
  #options;
  /** @type {Record<View, Offered | undefined>} */
  #maps;
  /** @type {import("leaflet").Layer | null} */
  #layer = null;
  /** @type {import("leaflet").Layer | null} the drawn map over a photo that does not come */
  #instead = null;
  #watching = new AbortController();

  /**
   * @param {import("leaflet").Map} map
   * @param {object} options
   * @param {Offered[]} options.basemaps
   * @param {string} options.gradeBand
   * @param {View | null} options.chosen     by this pupil, before a reload
   * @param {(isMissing: boolean, hasMap: boolean) => void} options.onPhoto   it does not come, or is here again
   */
  constructor(map, options) {
    const { basemaps, gradeBand, chosen } = options;
    this.#map = map;
    this.#options = options;
    const drawn = basemaps.filter((one) => !one.aerial);
    this.#maps = { photo: basemaps.find((one) => one.aerial), map: drawn.find((one) => one.default) ?? drawn[0] };
    this.view = firstView(this.#maps, gradeBand, chosen);
    map.attributionControl?.setPrefix(false);
    this.#lay();
  }

  /** Whether there is anything to choose. */
  get hasBoth() {
    return this.#maps.photo !== undefined && this.#maps.map !== undefined;
  }

  /** What the pupil sees now, whatever was asked for. @returns {View} */
  get seen() {
    return this.view === "photo" && !this.#instead ? "photo" : "map";
  }

  /**
   * Show the other, or ask once more for a photo that did not come.
   * @returns {View} what the pupil wants
   */
  turn() {
    this.view = this.seen === "photo" ? "map" : "photo";
    this.#lay();
    return this.view;
  }

  #lay() {
    this.#watching.abort();
    this.#watching = new AbortController();
    this.#instead?.remove();
    this.#instead = null;
    this.#layer?.remove();
    const basemap = this.#maps[this.view];
    this.#layer = basemap ? addBasemap(this.#map, basemap) : null;
    if (this.#layer && this.view === "photo") {
      watchTiles(/** @type {import("leaflet").GridLayer} */ (this.#layer), (isMissing) => this.#onPhoto(isMissing), this.#watching.signal);
    }
    this.#showSeen();
  }

  /** @param {boolean} isMissing */
  #onPhoto(isMissing) {
    const drawn = this.#maps.map;
    if (isMissing && drawn) {
      this.#instead = addBasemap(this.#map, drawn);
    } else {
      this.#instead?.remove();
      this.#instead = null;
    }
    this.#showSeen();
    this.#options.onPhoto(isMissing, drawn !== undefined);
  }

  /** What is drawn gets a dark rim on a photo, which can be of any colour. */
  #showSeen() {
    this.#map.getContainer().classList.toggle("is-photo", this.seen === "photo");
  }
}

/**
 * The youngest find themselves on a photo; the others begin with the drawn map. What a pupil has chosen goes before both.
 * @param {Record<View, Offered | undefined>} maps
 * @param {string} gradeBand
 * @param {View | null} chosen
 * @returns {View}
 */
function firstView(maps, gradeBand, chosen) {
  const wanted = chosen ?? (gradeBand === "1-4" ? "photo" : "map");
  return maps[wanted] ? wanted : maps.photo ? "photo" : "map";
}

/**
 * Tell when more of a photo's tiles fail than come, and when they come again.
 * @param {import("leaflet").GridLayer} layer
 * @param {(isMissing: boolean) => void} tell
 * @param {AbortSignal} signal
 */
function watchTiles(layer, tell, signal) {
  const came = new Set();
  const failed = new Set();
  let isMissing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  const become = (/** @type {boolean} */ missing) => {
    if (missing !== isMissing && !signal.aborted) {
      isMissing = missing;
      tell(missing);
    }
  };
  const keyOf = (/** @type {any} */ { coords }) => `${coords.z}/${coords.x}/${coords.y}`;
  const listeners = {
    loading: () => {
      clearTimeout(patience);
      patience = setTimeout(() => came.size === 0 && become(true), PATIENCE_MS);
    },
    tileload: (/** @type {any} */ event) => {
      came.add(keyOf(event));
      failed.delete(keyOf(event));
    },
    tileerror: (/** @type {any} */ event) => {
      failed.add(keyOf(event));
      if (failed.size > 1 && failed.size > came.size) {
        become(true);
      }
    },
    tileunload: (/** @type {any} */ event) => {
      came.delete(keyOf(event));
      failed.delete(keyOf(event));
    },
    load: () => came.size > failed.size && become(false),
  };
  layer.on(/** @type {any} */ (listeners));
  listeners.loading();
  const again = () => isMissing && navigator.onLine && layer.redraw();
  const timer = setInterval(again, AGAIN_MS);
  addEventListener("online", again, { signal });
  signal.addEventListener("abort", () => {
    layer.off(/** @type {any} */ (listeners));
    clearTimeout(patience);
    clearInterval(timer);
  });
}
