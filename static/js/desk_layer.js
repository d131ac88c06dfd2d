// The things of a municipality's layer on the workbench's map: coloured by children, hollow where no child has marked anything.

import { scaleOf } from "./desk_scale.js";
import { el } from "./dom.js";
import { L } from "./leaflet.js";

/** @typedef {import("geojson").Feature & {properties: {number: number, name: string, children: number | null, said: string, groups: [string, string][]}}} Thing */
/** @typedef {import("./desk_scale.js").Key} Key */

/**
 * @typedef {object} LayerAnswer
 * @property {{value: string, label: string}[]} layers
 * @property {string | null} layer
 * @property {string} source
 * @property {number | null} radius_m  null where all things are areas
 * @property {number} numberMatched
 * @property {number} unmarked  things that no child has marked
 * @property {{answered: string, pupils: number, bands: string[], silent_bands: string[], silent: string[]}} asked
 * @property {Thing[]} features
 */

const NONE = { color: "#4b5b73", weight: 2, opacity: 1, dashArray: "4 4", fillColor: "#ffffff", fillOpacity: 0.6 };
/** An area smaller than this on the screen has a dot, or nobody would see it where a whole town is shown. */
const SEEN_PX = 18;
const CHOSEN = { color: "#14233a", weight: 5, dashArray: "" };

/**
 * @param {LayerAnswer} answer
 * @param {(number: number) => void} onChoose  a thing is chosen on the map
 * @returns {{
 *   layer: import("leaflet").LayerGroup,
 *   keys: Key[],
 *   choose: (number: number) => import("leaflet").Layer | undefined,
 *   dot: (map: import("leaflet").Map) => void,
 * }}  dot: give a dot to what is too small to be seen as the map is zoomed
 */
export function drawThings(answer, onChoose) {
  const scale = scaleOf(answer.features.filter(isMarked));
  const style = (/** @type {any} */ thing) => {
    if (!isMarked(thing)) return NONE;
    const colour = scale.colour(thing.properties);
    const isLine = thing.geometry.type.endsWith("LineString");
    return {
      color: isLine ? colour : "#14233a",
      weight: isLine ? 6 : 1,
      opacity: 1,
      dashArray: "",
      fillColor: colour,
      fillOpacity: isLine ? 0 : 0.55,
    };
  };
  /** @type {Map<number, any>} */
  const byNumber = new Map();
  /** @type {{area: any, dot: any}[]} */
  const dots = [];
  const layer = L.layerGroup();
  const listen = (/** @type {any} */ drawn, /** @type {Thing["properties"]} */ { number, name, said }) => {
    // an element and not a string, which Leaflet would read as HTML: names come from files
    drawn.bindTooltip(el("span", {}, `${name}: ${said} barn`), { sticky: true });
    drawn.on("click", () => onChoose(number));
  };
  const things = L.geoJSON(largestFirst(answer.features), {
    style,
    pointToLayer: (/** @type {any} */ _, /** @type {any} */ at) => L.circleMarker(at, { radius: 9 }),
    onEachFeature: (/** @type {any} */ thing, /** @type {any} */ drawn) => {
      byNumber.set(thing.properties.number, drawn);
      listen(drawn, thing.properties);
      if (!thing.geometry.type.endsWith("Polygon")) return;
      const dot = L.circleMarker(drawn.getBounds().getCenter(), { ...style(thing), radius: 7, fillOpacity: 0.9 });
      listen(dot, thing.properties);
      dots.push({ area: drawn, dot });
    },
  });
  layer.addLayer(things);
  /** @type {any} */
  let chosen = null;
  return {
    layer,
    keys: [...scale.keys, { colour: NONE.fillColor, words: "ingen barn", count: answer.unmarked }],
    dot(map) {
      for (const { area, dot } of dots) {
        const bounds = area.getBounds();
        const size = map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
        if (Math.max(size.x, size.y) < SEEN_PX) layer.addLayer(dot);
        else layer.removeLayer(dot);
      }
    },
    choose(number) {
      if (chosen) chosen.setStyle(style(chosen.feature));
      chosen = byNumber.get(number);
      chosen?.setStyle(CHOSEN);
      return chosen;
    },
  };
}

/** @param {Thing} thing  @returns {boolean} */
export const isMarked = ({ properties }) => properties.said !== "0";

/** So that a playground lies over its park. @param {Thing[]} things  @returns {import("geojson").FeatureCollection} */
function largestFirst(things) {
  const size = (/** @type {Thing} */ thing) => {
    const bounds = L.geoJSON(thing).getBounds();
    return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
  };
  const sized = things.map((thing) => ({ thing, size: size(thing) })).sort((one, other) => other.size - one.size);
  return { type: "FeatureCollection", features: sized.map(({ thing }) => thing) };
}
