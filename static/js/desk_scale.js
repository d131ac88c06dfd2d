// Colours of the workbench's map, and what they stand for.

/** @typedef {{children: number | null, said: string}} Counted  children is null for so few that only `said` tells */
/** @typedef {{colour: string, words: string, count?: number}} Key */

/** Viridis from few to many, darker means more; colour-blind-safe and in order when printed grey. */
export const STEPS = ["#c2df23", "#52c569", "#1e9b8a", "#33638d", "#440154"];
export const FEW = "#fdf3b0";
/** Orange and violet, which no colour-blindness confuses; grey says nothing. */
export const MORE = { first: "#c2500c", second: "#5e3c99", neither: "#c9ced6" };

/** A screen with about so many is drawn mark by mark. */
const MOST_IN_SIGHT = 20_000;
/** Marks lie together: a part of the area holds up to so many times its share of them. */
const CROWDED = 4;
const SIZES_M = [25, 50, 100, 250, 500];
/** A hexagon narrower than this is no longer seen as one. */
const LEAST_PX = 12;

/** @param {number} zoom  @returns {number} pixels: small where a whole town is seen, large where a crossing is */
export function radiusAt(zoom) {
  return Math.min(7, Math.max(3, 1.5 * (zoom - 12)));
}

/**
 * Whether so few marks are in sight that each may be drawn, as far as can be told from how much of the area is in sight.
 * @param {number} matched
 * @param {{sight: number, whole: number}} areas  in any unit
 */
export function isNear(matched, { sight, whole }) {
  return matched * Math.min(1, (sight / whole) * CROWDED) <= MOST_IN_SIGHT;
}

/**
 * The size of hexagons that can be told apart, in metres between two sides.
 * @param {number} metresPerPixel
 */
export function sizeFor(metresPerPixel) {
  return SIZES_M.find((size) => size >= LEAST_PX * metresPerPixel) ?? 500;
}

/**
 * Colours and keys for numbers of children.
 * @param {import("geojson").Feature[]} features  whose properties are Counted
 * @returns {{colour: (counted: Counted) => string, keys: Key[]}}
 */
export function scaleOf(features) {
  const numbers = features.map((feature) => /** @type {Counted} */ (feature.properties));
  const limits = limitsUpTo(numbers.reduce((most, { children }) => Math.max(most, children ?? 0), 5));
  const step = (/** @type {Counted} */ { children }) => (children === null ? -1 : limits.findIndex((limit) => children <= limit));
  const count = (/** @type {number} */ wanted) => numbers.filter((one) => step(one) === wanted).length;
  const steps = limits.map((limit, index) => ({
    colour: STEPS[index] ?? "",
    words: range(index ? (limits[index - 1] ?? 0) + 1 : 5, limit),
    count: count(index),
  }));
  return {
    colour: (counted) => STEPS[step(counted)] ?? FEW,
    keys: [{ colour: FEW, words: "1–4 barn", count: count(-1) }, ...steps],
  };
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
