/** From strokes of a finger to a route: joined, smoothed, snapped to the school, cut at the home end, kept inside the study area. Pure. */

import { depthIn, distanceTo, longestInside, simplifyTo, tidy } from "./geojson.js";
import { FINGER_M, LEAST_SENT_M, POINT_REACH_M, trimRoute } from "./trim.js";
import { distanceM, lengthM } from "./units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("geojson").Geometry} Geometry */
/** @typedef {{name?: string, location: Geometry | null, grounds: Geometry | null}} School */

/** Smoothing that nobody sees: a finger is 10 m wide at the zoom that is drawn at. */
const SMOOTH_M = 2.5;
/** A finger that stops this near the school's grounds has arrived. */
export const SNAP_M = 45;

/**
 * Fewer positions, the same shape.
 * @param {Position[]} line
 * @param {number} most  positions
 * @returns {Position[]}
 */
export function smooth(line, most) {
  return simplifyTo(tidy(line), SMOOTH_M, most);
}

/**
 * Let a way to school whose last end stops just outside the school reach it. Never its other end, and not when that one is at school
 * already: then what lies beside the school is a home, and a way that goes on from there would show it (docs/privacy.md, "Homes").
 * @param {Position[]} line
 * @param {School} school
 * @param {"start" | "end"} last  where the finger was lifted
 * @returns {{line: Position[], isThere: boolean}}  whether the last end is at school
 */
export function snapToSchool(line, school, last) {
  const ground = school.grounds ?? school.location;
  const door = school.location?.type === "Point" ? school.location.coordinates : null;
  if (!ground || !door || line.length < 2) {
    return { line, isThere: false };
  }
  const isPoint = ground.type === "Point";
  const [here, other] = last === "end" ? [line[line.length - 1], line[0]] : [line[0], line[line.length - 1]];
  if (depthIn(ground, here) >= FINGER_M) {
    return { line, isThere: true };
  }
  if (distanceTo(ground, here) > (isPoint ? SNAP_M * 2 : SNAP_M) || distanceTo(ground, other) <= (isPoint ? POINT_REACH_M : 0)) {
    return { line, isThere: false };
  }
  return { line: last === "end" ? [...line, door] : [door, ...line], isThere: true };
}

/**
 * What of a line goes into the mark: shown whole, sent without its home end and inside the study area only.
 * @param {Position[]} line
 * @param {{zones: readonly import("./trim.js").Zone[], publicAt: import("./trim.js").PublicAt, studyArea: Geometry}} rules
 * @returns {{geometry: import("geojson").LineString | null, drawn: Position[], cut: Position[][]}}
 */
export function routeParts(line, { zones, publicAt, studyArea }) {
  const { sent, cut } = trimRoute(line, zones, publicAt);
  if (sent === null) {
    return { geometry: null, drawn: line, cut };
  }
  const inside = longestInside(sent, studyArea);
  if (inside.length === sent.length) {
    return { geometry: { type: "LineString", coordinates: sent }, drawn: line, cut };
  }
  if (inside.length < 2 || lengthM(inside) < LEAST_SENT_M) {
    return { geometry: null, drawn: line, cut: [line] };
  }
  const from = sent.indexOf(inside[0]);
  const outside = [sent.slice(0, from + 1), sent.slice(from + inside.length - 1)];
  return {
    geometry: { type: "LineString", coordinates: inside },
    drawn: line,
    cut: [...cut, ...outside.filter((part) => part.length > 1)],
  };
}

/**
 * Whether a line is long enough to be meant as one.
 * @param {Position[]} line
 * @returns {boolean}
 */
export function isRoute(line) {
  return line.length >= 2 && lengthM(line) >= 15 && line.some((position) => distanceM(position, line[0]) > 10);
}

/**
 * A part that is cut, in pieces of equal length from the way that is seen to its end: each is drawn fainter than the one before.
 * @param {Position[]} part
 * @param {Position[]} sent  what is seen of the way; may be empty
 * @param {number} pieces
 * @returns {Position[][]}
 */
export function fading(part, sent, pieces) {
  const awayM = (/** @type {Position} */ position) => Math.min(...ends(sent).map((end) => distanceM(end, position)));
  const isInwards = sent.length > 0 && awayM(part[part.length - 1]) < awayM(part[0]);
  const outwards = isInwards ? part.slice().reverse() : part;
  const step = lengthM(part) / pieces;
  /** @type {Position[][]} */
  const found = [[outwards[0]]];
  let walked = 0;
  for (let i = 1; i < outwards.length; i += 1) {
    const [from, to] = [outwards[i - 1], outwards[i]];
    const metres = distanceM(from, to);
    while (found.length < pieces && walked + metres > step * found.length) {
      const t = (step * found.length - walked) / metres;
      const border = [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
      found[found.length - 1].push(border);
      found.push([border]);
    }
    found[found.length - 1].push(to);
    walked += metres;
  }
  return found;
}

/** @param {Position[]} line */
function ends(line) {
  return [line[0], line[line.length - 1]];
}
