// The heat map on the workbench: the picture, and over it the lines within which half and four fifths of all lies.

import { STEPS } from "./desk_scale.js";
import { el } from "./dom.js";
import { L } from "./leaflet.js";

/** @typedef {import("geojson").Feature & {properties: {share: number, km2: number}}} Contour */

/**
 * @typedef {object} HeatAnswer
 * @property {[[number, number], [number, number]]} bounds  Leaflet's order
 * @property {string} image  a data URL
 * @property {number} peak_per_km2
 * @property {{features: Contour[]}} contours  the smaller land first
 */

const SAID = new Map([
  [0.5, "Halvparten"],
  [0.8, "Fire femdeler"],
]);

/** @param {HeatAnswer} answer  @returns {import("leaflet").Layer} */
export function drawHeat(answer) {
  const picture = L.imageOverlay(answer.image, answer.bounds, { opacity: 0.8, alt: "Varmekart over det barna har merket" });
  const lines = [...answer.contours.features].reverse().flatMap((feature) => [
    // a white rim, or the dark line is lost on the darkest spots
    L.geoJSON(feature, { interactive: false, style: { color: "#ffffff", weight: isHalf(feature) ? 5.5 : 4, opacity: 0.9, fill: false } }),
    L.geoJSON(feature, {
      style: { color: "#14233a", weight: isHalf(feature) ? 2.5 : 1.5, dashArray: isHalf(feature) ? "" : "6 4", fillOpacity: 0 },
      onEachFeature: (/** @type {any} */ _, /** @type {any} */ drawn) =>
        drawn.bindTooltip(el("span", {}, `${saidOf(feature)} ligger innenfor, på ${area(feature.properties.km2)}`), { sticky: true }),
    }),
  ]);
  return L.layerGroup([picture, ...lines]);
}

/** @param {HeatAnswer} answer  @returns {{keys: import("./desk_scale.js").Key[], notes: string[]}} the legend's */
export function heatKeys(answer) {
  const peak = Math.round(answer.peak_per_km2).toLocaleString("nb");
  return {
    keys: [
      { colour: STEPS[0] ?? "", words: "færre" },
      { colour: STEPS[2] ?? "", words: "flere" },
      { colour: STEPS[4] ?? "", words: `flest: ${peak} per km²` },
    ],
    notes: answer.contours.features.map(
      (feature) =>
        `${isHalf(feature) ? "Hel" : "Stiplet"} strek: ${saidOf(feature).toLowerCase()} av det barna merket, på ${area(feature.properties.km2)}.`,
    ),
  };
}

/** @param {Contour} contour  @returns {boolean} */
const isHalf = (contour) => contour.properties.share === 0.5;

/** @param {Contour} contour  @returns {string} */
const saidOf = (contour) => SAID.get(contour.properties.share) ?? `${Math.round(contour.properties.share * 100)} %`;

/** @param {number} km2  @returns {string} */
function area(km2) {
  return km2 < 0.1 ? `${Math.round(km2 * 1000)} dekar` : `${km2.toLocaleString("nb")} km²`;
}
