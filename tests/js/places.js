/** Named positions and shapes in and round Bergen, and a dice with a seed. */

import { planeAt } from "../../static/js/units.js";

/** @typedef {import("geojson").Position} Position */

/** @type {Position} */
export const HOME = [5.3221, 60.3929];
/** @type {Position} */
export const SCHOOL = [5.3402, 60.3971];
/** @type {Position} */
export const TROMSO = [18.9553, 69.6492];

/**
 * Numbers from a seed (mulberry32), so that a failing route can be walked again.
 * @param {number} seed
 * @returns {() => number}
 */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * The position so many metres east and north of another.
 * @param {Position} from
 * @param {number} east
 * @param {number} north
 * @returns {Position}
 */
export function metresFrom(from, east, north) {
  return planeAt(from).toPosition([east, north]);
}

/**
 * A square of this half-side round a position.
 * @param {Position} centre
 * @param {number} half  metres
 * @returns {import("geojson").Polygon}
 */
export function square(centre, half) {
  const ring = [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
    [-half, -half],
  ].map(([x, y]) => metresFrom(centre, x, y));
  return { type: "Polygon", coordinates: [ring] };
}

/**
 * A child's finger on its way: many small steps towards the goal, to and fro.
 * @param {Position} from
 * @param {Position} to
 * @param {() => number} random
 * @param {number} wobble  metres
 * @returns {Position[]}
 */
export function wander(from, to, random, wobble) {
  const plane = planeAt(from);
  const [gx, gy] = plane.toXY(to);
  const steps = 30 + Math.floor(random() * 60);
  /** @type {Position[]} */
  const line = [from];
  for (let i = 1; i < steps; i += 1) {
    const t = i / steps;
    line.push(plane.toPosition([gx * t + (random() - 0.5) * wobble, gy * t + (random() - 0.5) * wobble]));
  }
  return [...line, to];
}
