/** The round buttons beside the map: map or photo, back to school, closer, further away. */

import { addBasemap } from "../basemap.js";
import { fill, iconButton } from "../dom.js";
import { bringTo } from "../leaflet.js";

/**
 * @param {object} given
 * @param {import("leaflet").Map} given.map
 * @param {import("./frame.js").Frame} given.frame
 * @param {import("../words.js").Words} given.words
 * @param {any} given.bundle
 * @param {{position: import("geojson").Position, zoom: number}} given.start
 * @param {string} given.gradeBand
 * @returns {{draw: () => void}}
 */
export function addTools({ map, frame, words, bundle, start, gradeBand }) {
  const basemaps = bundle.basemaps;
  let at = firstBasemap(basemaps, gradeBand);
  /** @type {import("leaflet").Layer | null} */
  let layer = basemaps.length > 0 ? addBasemap(map, basemaps[at]) : null;
  map.attributionControl?.setPrefix(false);

  const draw = () => {
    const t = words.t.bind(words);
    const next = basemaps[(at + 1) % basemaps.length];
    const switchMap = () => {
      layer?.remove();
      at = (at + 1) % basemaps.length;
      layer = addBasemap(map, basemaps[at]);
      draw();
    };
    fill(
      frame.tools,
      basemaps.length > 1
        ? iconButton(t(next.aerial ? "map.photo" : "map.drawn"), next.aerial ? "image" : "map", { onclick: switchMap })
        : null,
      iconButton(t("map.school"), "school", { onclick: () => bringTo(map, start.position, frame.freeCentre(), start.zoom) }),
      iconButton(t("map.closer"), "plus", { onclick: () => map.zoomIn(1) }),
      iconButton(t("map.further"), "minus", { onclick: () => map.zoomOut(1) }),
    );
  };
  return { draw };
}

/**
 * The youngest find themselves on a photo; the others get the survey's default.
 * @param {any[]} basemaps
 * @param {string} gradeBand
 * @returns {number}
 */
function firstBasemap(basemaps, gradeBand) {
  const aerial = basemaps.findIndex((one) => one.aerial);
  const standard = basemaps.findIndex((one) => one.default);
  return gradeBand === "1-4" && aerial >= 0 ? aerial : Math.max(0, standard);
}
