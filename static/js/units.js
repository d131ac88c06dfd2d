/** Metres on the ground for positions in degrees. No DOM. */

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

export const EARTH_RADIUS_M = 6371008.8;
const RADIANS = Math.PI / 180;

/**
 * Great-circle distance.
 * @param {Position} a
 * @param {Position} b
 * @returns {number} metres
 */
export function distanceM(a, b) {
  const dLat = (b[1] - a[1]) * RADIANS;
  const dLon = (b[0] - a[0]) * RADIANS;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * RADIANS) * Math.cos(b[1] * RADIANS) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * Length of a line along its positions.
 * @param {Position[]} line
 * @returns {number} metres
 */
export function lengthM(line) {
  let sum = 0;
  for (let i = 1; i < line.length; i += 1) {
    sum += distanceM(line[i - 1], line[i]);
  }
  return sum;
}

/**
 * A flat plane in metres round an origin. Within some kilometres it agrees with distanceM to a thousandth.
 * @param {Position} origin
 * @returns {{toXY: (position: Position) => [number, number], toPosition: (xy: [number, number]) => Position}}
 */
export function planeAt(origin) {
  const perLat = EARTH_RADIUS_M * RADIANS;
  const perLon = perLat * Math.cos(origin[1] * RADIANS);
  return {
    toXY: ([lon, lat]) => [(lon - origin[0]) * perLon, (lat - origin[1]) * perLat],
    toPosition: ([x, y]) => [origin[0] + x / perLon, origin[1] + y / perLat],
  };
}

/**
 * Distance from a point to a segment, all in metres on one plane.
 * @param {[number, number]} p
 * @param {[number, number]} a
 * @param {[number, number]} b
 * @returns {number}
 */
export function segmentDistance(p, a, b) {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/**
 * In which of eight directions a position lies from another.
 * @param {Position} from
 * @param {Position} to
 * @returns {"n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "nw"}
 */
export function directionOf(from, to) {
  const [east, north] = planeAt(from).toXY(to);
  const eighth = Math.round(Math.atan2(east, north) / (Math.PI / 4));
  return DIRECTIONS[(eighth + 8) % 8];
}

const DIRECTIONS = /** @type {const} */ (["n", "ne", "e", "se", "s", "sw", "w", "nw"]);
