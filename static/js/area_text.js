/** A drawn area as the address has it (analysis/areas.py): rings of lon,lat with six decimals. Pure, no DOM. */

import { ringOf, simplifyTo } from "./geojson.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

/** Fewer than the 150 that an address has room for: a hand means no more. */
const MOST_CORNERS = 120;
/** What a finger trembles. */
const SMOOTH_M = 1;
/** The smallest area that a filter takes (analysis/areas.py). */
export const SMALLEST_M2 = 100;

/**
 * @param {Position} one
 * @param {Position} other  the opposite corner
 * @returns {string}
 */
export function boxText([lon1, lat1], [lon2, lat2]) {
  const [west, east] = [Math.min(lon1, lon2), Math.max(lon1, lon2)];
  const [south, north] = [Math.min(lat1, lat2), Math.max(lat1, lat2)];
  return written([
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ]);
}

/**
 * What a hand has drawn round something; where the stroke crosses itself, its largest loop.
 * @param {Position[]} stroke
 * @returns {string | null}  null when there is nothing inside
 */
export function lassoText(stroke) {
  const ring = ringOf(simplifyTo(stroke, SMOOTH_M, MOST_CORNERS), SMALLEST_M2);
  return ring && written(ring.slice(0, -1));
}

/** @param {Position[]} ring  open  @returns {string} */
function written(ring) {
  return ring.map((at) => at.map((part) => part.toFixed(6)).join(",")).join(" ");
}
