/**
 * The map under everything: our own PMTiles, drawn here by protomaps-leaflet, or a chosen provider's tiles.
 * protomaps-leaflet is a classic script (window.protomapsL), loaded before this module by every page that shows a map.
 */

import { labelRules } from "./basemap_labels.js";
import { paintRules } from "./basemap_paint.js";
import { backgroundOf } from "./basemap_palettes.js";
import { L, layInPlane } from "./leaflet.js";

/** @typedef {import("./basemap_palettes.js").Look} Look */

/**
 * @typedef {object} Basemap  as in the bundle
 * @property {"pmtiles" | "xyz"} kind
 * @property {string} url
 * @property {string} attribution
 * @property {string} [attribution_url]
 * @property {number} min_zoom
 * @property {number} max_zoom
 */

/**
 * part: "ground" leaves the names out and "names" writes nothing else, for a page that puts its data between the two.
 * pane: a Leaflet pane other than that of tiles. Both mean our own basemaps; a provider's tiles are one picture.
 * @typedef {{look?: Look, family?: string, pane?: string, part?: "all" | "ground" | "names"}} BasemapOptions
 */

/** @type {Record<Look, string>} */
const FAMILIES = {
  child: '"Nunito Variable", system-ui, sans-serif',
  desk: '"Inter Variable", system-ui, sans-serif',
  print: '"Inter Variable", system-ui, sans-serif',
};

/**
 * Show a basemap under everything else on the map.
 * @param {import("leaflet").Map} map
 * @param {Basemap} basemap
 * @param {BasemapOptions} [options]
 * @returns {import("leaflet").Layer}  already on the map; `remove()` takes it off
 */
export function addBasemap(map, basemap, options = {}) {
  const layer = basemap.kind === "pmtiles" ? ownTiles(basemap, options) : providerTiles(basemap);
  layer.on("tileloadstart", (/** @type {any} */ event) => layInPlane(event.tile));
  layer.addTo(map);
  map.attributionControl?.setPrefix(false);
  return layer;
}

/** @param {Basemap} basemap  @param {BasemapOptions} options  @returns {import("leaflet").Layer} */
function ownTiles(basemap, { look = "child", family = FAMILIES[look], pane = "tilePane", part = "all" }) {
  const P = /** @type {any} */ (window).protomapsL;
  return P.leafletLayer({
    url: new URL(basemap.url, location.href).href,
    maxDataZoom: basemap.max_zoom,
    pane,
    paintRules: part === "names" ? [] : paintRules(P, look),
    labelRules: part === "ground" ? [] : labelRules(P, look, family),
    backgroundColor: part === "names" ? undefined : backgroundOf(look),
    attribution: part === "names" ? "" : credit(basemap),
    maxZoom: 22,
    // Names must be measured in the letters they are drawn in; a font that cannot be had is no reason to wait.
    tasks: [document.fonts.load(`600 13px ${family}`), document.fonts.load(`800 13px ${family}`)],
    // The map rests between whole zooms too, where tiles are stretched: drawn finer, they stay sharp.
    devicePixelRatio: Math.max(window.devicePixelRatio || 1, 1.5),
    updateWhenZooming: false,
    keepBuffer: 3,
    lang: "nb",
  });
}

/** @param {Basemap} basemap  @returns {import("leaflet").Layer} */
function providerTiles(basemap) {
  return L.tileLayer(basemap.url, {
    attribution: credit(basemap),
    minZoom: basemap.min_zoom,
    maxNativeZoom: basemap.max_zoom,
    maxZoom: 22,
    // The address of a page can hold a survey's number; a provider has no need to know it.
    referrerPolicy: "strict-origin-when-cross-origin",
  });
}

/**
 * Leaflet takes attribution as HTML; ours is built from text, so that a name typed by an operator can never become markup.
 * @param {Basemap} basemap
 * @returns {string}
 */
function credit(basemap) {
  const text = document.createElement("span");
  text.textContent = basemap.attribution;
  if (!basemap.attribution_url?.startsWith("https://")) {
    return text.innerHTML;
  }
  const link = document.createElement("a");
  link.href = basemap.attribution_url;
  link.rel = "noreferrer";
  link.append(text);
  return link.outerHTML;
}
