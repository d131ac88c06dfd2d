/**
 * The home end of a route never leaves the tablet (docs/privacy.md, "Homes"). Pure; the only place that decides what is cut.
 *
 * An end inside a school's grounds or a listed public place is kept. Every other end lies in a zone, a circle of which nothing is sent,
 * also where the way comes past it once more. The end is somewhere inside the zone and not in its middle: who sees several ways end on
 * the circle learns the circle and no more. All ways from one end share its zone, so that drawing a way again shows no more of it.
 */

import { depthIn, distanceTo, tidy } from "./geojson.js";
import { distanceM, lengthM, planeAt } from "./units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("geojson").Geometry} Geometry */
/** @typedef {(position: Position) => string | null} PublicAt  names the public ground a position lies on */
/** @typedef {{sent: Position[] | null, cut: Position[][]}} Trimmed  `cut` is shown to the child and never sent */
/**
 * @typedef {{centre: Position, radiusM: number, isPast?: boolean, isOld?: boolean}} Zone  isPast: remembered, but not in force; isOld: in
 *   force since before the route was drawn anew, and stays so however it goes on
 */
/** @typedef {{start: number, end: number}} Span  along a line: index of a segment plus the fraction of it */

/** The policy's floor, whatever a survey asks for. */
export const LEAST_CUT_M = 100;
/** A survey that asks for a range without any width gets this much: a cut of a length that is known is none. */
export const LEAST_SPREAD_M = 100;
/** How far apart a child may begin the same way twice and still be in the same zone for certain. */
const SLACK_M = 30;
/** A shorter rest says nothing about a way, and much about where it begins. */
export const LEAST_SENT_M = 50;
/** A school or place without an outline is as wide as this round its point. */
export const POINT_REACH_M = 40;
/** A finger is off by as much: what lies less deep in a school's grounds or a public place may belong to the house beside it. */
export const FINGER_M = 10;
/** Rounding to six decimals moves a position by up to 0.08 m; the cut is that much longer, and a bit. */
const ROUNDING_M = 0.5;

/**
 * A zone for an end: nothing of a way is sent for the range's least to its most metres from the end, depending on where the way leaves.
 * @param {Position} end
 * @param {[number, number]} range  metres, from the survey
 * @param {() => number} random     0 ≤ x < 1, from a cryptographic source
 * @returns {Zone}
 */
export function pickZone(end, range, random) {
  const least = Math.max(LEAST_CUT_M, range[0]);
  const most = Math.max(least + LEAST_SPREAD_M, range[1]);
  const reach = (most - least) / 2;
  // Evenly over a disc round the end, a little smaller than there is room for: no finger begins at the same spot twice.
  const asideM = (reach - Math.min(SLACK_M, reach / 3)) * Math.sqrt(random());
  const turn = 2 * Math.PI * random();
  const centre = planeAt(end).toPosition([asideM * Math.cos(turn), asideM * Math.sin(turn)]);
  return { centre: [Number(centre[0].toFixed(6)), Number(centre[1].toFixed(6))], radiusM: (most + least) / 2 };
}

/**
 * The zones that a route must stay out of, and, marked as past, those that were picked for it and are not asked for now. An end always
 * gets all the zones that have ever covered it: another one each time would show more of its surroundings each time.
 * @param {Position[]} line
 * @param {PublicAt} publicAt
 * @param {object} known
 * @param {readonly Zone[]} known.own     of this route as it was drawn before
 * @param {readonly Zone[]} known.others  of the child's other routes, deleted ones included
 * @param {boolean} known.goesOn          the route was drawn on: an end that only a stroke of it had was none; what was cut before stays so
 * @param {(end: Position) => Zone} known.pick
 * @returns {Zone[]}
 */
export function zonesOf(line, publicAt, { own, others, goesOn, pick }) {
  const [from, to] = [publicAt(line[0]), publicAt(line[line.length - 1])];
  const homes = homesOf(line, from, to, publicAt);
  // Begun at school or a public place, it may still be on its way home, and that may lie right beside where it began.
  const mayGoOn = from !== null && to === null;
  /** @type {Map<string, Zone>} */
  const zones = new Map();
  /** @param {readonly Zone[]} some */
  const add = (some) => {
    for (const { centre, radiusM } of some) {
      zones.set(nameOf({ centre, radiusM }), { centre, radiusM });
    }
  };
  for (const home of homes) {
    const covering = [...zones.values(), ...own, ...others].filter((zone) => covers(zone, home));
    add(covering.length > 0 ? covering : [pick(home)]);
  }
  const old = inForce(own).filter((zone) => zone.isOld || !goesOn);
  add(old);
  add(inForce(others).filter((zone) => mayGoOn || homes.some((home) => distanceM(home, zone.centre) < zone.radiusM)));
  for (const zone of old) {
    zones.set(nameOf(zone), { ...zone, isOld: true });
  }
  const past = own.filter((zone) => !zones.has(nameOf(zone)));
  return [...zones.values(), ...past.map(({ centre, radiusM }) => ({ centre, radiusM, isPast: true }))];
}

/** @param {Zone} zone */
function nameOf({ centre, radiusM }) {
  return JSON.stringify([centre, radiusM]);
}

/**
 * The zones that are to be stayed out of now.
 * @param {readonly Zone[]} zones
 */
export function inForce(zones) {
  return zones.filter((zone) => !zone.isPast);
}

/**
 * Whether a zone hides an end well enough.
 * @param {Zone} zone
 * @param {Position} end
 */
function covers(zone, end) {
  return zone.radiusM - distanceM(end, zone.centre) >= LEAST_CUT_M;
}

/**
 * Which public ground is where: the schools' grounds and the survey's public places, as far as a finger can tell them from what lies
 * beside them. A school's own point is always there: ways to school are led to it (routes.js).
 * @param {{name?: string, location: Geometry | null, grounds: Geometry | null}[]} schools
 * @param {import("geojson").FeatureCollection} publicPlaces
 * @returns {PublicAt}
 */
export function publicGround(schools, publicPlaces) {
  /** @type {[string, (position: Position) => boolean][]} */
  const grounds = [];
  schools.forEach(({ location, grounds: outline }, i) => {
    grounds.push([`school:${i}`, (position) => isIn(outline ?? location, position) || isAt(location, position)]);
  });
  publicPlaces.features.forEach(({ geometry }, i) => {
    grounds.push([`place:${i}`, (position) => isIn(geometry, position)]);
  });
  return (position) => grounds.find(([, isThere]) => isThere(position))?.[0] ?? null;
}

/**
 * @param {Geometry | null} ground
 * @param {Position} position
 */
function isIn(ground, position) {
  if (ground?.type === "Point") {
    return distanceTo(ground, position) <= POINT_REACH_M;
  }
  return ground !== null && depthIn(ground, position) >= FINGER_M;
}

/**
 * @param {Geometry | null} location
 * @param {Position} position
 */
function isAt(location, position) {
  return location?.type === "Point" && distanceTo(location, position) < 1;
}

/**
 * What of a route may be sent, and what is cut.
 * @param {Position[]} line  as drawn (smoothed), at least two positions
 * @param {readonly Zone[]} zones  from zonesOf; an end that none of them covers lets nothing be sent
 * @param {PublicAt} publicAt
 * @returns {Trimmed}  sent is null when what is left is too short to be safe
 */
export function trimRoute(line, zones, publicAt) {
  if (line.length < 2) {
    return { sent: null, cut: [line] };
  }
  const last = line.length - 1;
  const keptStart = publicAt(line[0]);
  const keptEnd = publicAt(line[last]);
  const homes = homesOf(line, keptStart, keptEnd, publicAt);
  if (homes.some((home) => !zones.some((zone) => covers(zone, home)))) {
    return { sent: null, cut: [line] };
  }
  if (zones.length === 0) {
    return { sent: tidy(line), cut: [] };
  }
  const outside = spansOutside(line, zones);
  const connected = outside.filter((span) => (keptStart !== null && span.start === 0) || (keptEnd !== null && span.end === last));
  const candidates = keptStart !== null || keptEnd !== null ? connected : outside;
  const span = longest(line, candidates);
  if (span === null) {
    return { sent: null, cut: [line] };
  }
  const sent = tidy(slice(line, span));
  if (lengthM(sent) < LEAST_SENT_M || sent.some((p) => zones.some((zone) => distanceM(p, zone.centre) < zone.radiusM))) {
    return { sent: null, cut: [line] };
  }
  const cut = [slice(line, { start: 0, end: span.start }), slice(line, { start: span.end, end: last })];
  return { sent, cut: cut.filter((part) => lengthM(part) > 1) };
}

/**
 * The positions to stay away from: ends on no public ground, and the far turn of a way that comes back to where it began.
 * @param {Position[]} line
 * @param {string | null} keptStart
 * @param {string | null} keptEnd
 * @param {PublicAt} publicAt
 * @returns {Position[]}
 */
function homesOf(line, keptStart, keptEnd, publicAt) {
  /** @type {Position[]} */
  const homes = [];
  if (keptStart === null) {
    homes.push(line[0]);
  }
  if (keptEnd === null) {
    homes.push(line[line.length - 1]);
  }
  if (homes.length === 0 && keptStart === keptEnd) {
    // Drawn from school and back to school: the home is where it turned.
    const turn = line.reduce((far, p) => (distanceM(line[0], p) > distanceM(line[0], far) ? p : far), line[0]);
    if (publicAt(turn) === null) {
      homes.push(turn);
    }
  }
  return homes;
}

/**
 * The parts of a line outside every zone.
 * @param {Position[]} line
 * @param {readonly Zone[]} zones
 * @returns {Span[]}
 */
function spansOutside(line, zones) {
  const circles = zones.map(({ centre, radiusM }) => ({ points: line.map(planeAt(centre).toXY), radiusM: radiusM + ROUNDING_M }));
  const marks = new Set([0, line.length - 1]);
  for (const { points, radiusM } of circles) {
    for (let i = 1; i < points.length; i += 1) {
      for (const t of crossings(points[i - 1], points[i], radiusM)) {
        marks.add(i - 1 + t);
      }
    }
  }
  const sorted = [...marks].sort((a, b) => a - b);
  /** @type {Span[]} */
  const spans = [];
  for (let i = 1; i < sorted.length; i += 1) {
    const middle = (sorted[i - 1] + sorted[i]) / 2;
    if (circles.every(({ points, radiusM }) => Math.hypot(...at(points, middle)) > radiusM)) {
      spans.push({ start: sorted[i - 1], end: sorted[i] });
    }
  }
  return spans;
}

/**
 * Where a segment crosses the circle of this radius round the origin, as fractions of it.
 * @param {[number, number]} a
 * @param {[number, number]} b
 * @param {number} radius
 * @returns {number[]}
 */
function crossings(a, b, radius) {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const square = dx * dx + dy * dy;
  const half = a[0] * dx + a[1] * dy;
  const root = half * half - square * (a[0] * a[0] + a[1] * a[1] - radius * radius);
  if (square === 0 || root <= 0) {
    return [];
  }
  return [(-half - Math.sqrt(root)) / square, (-half + Math.sqrt(root)) / square].filter((t) => t >= 0 && t <= 1);
}

/**
 * The point at a parameter of a line.
 * @template {number[]} P
 * @param {P[]} points
 * @param {number} parameter  index of a segment plus the fraction of it
 * @returns {P}
 */
function at(points, parameter) {
  const i = Math.min(Math.floor(parameter), points.length - 2);
  const t = parameter - i;
  const [a, b] = [points[i], points[i + 1]];
  return /** @type {P} */ ([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
}

/**
 * @param {Position[]} line
 * @param {Span} span
 * @returns {Position[]}
 */
function slice(line, { start, end }) {
  if (end <= start) {
    return [];
  }
  const inner = line.filter((_, i) => i > start && i < end);
  return [at(line, start), ...inner, at(line, end)];
}

/**
 * @param {Position[]} line
 * @param {Span[]} spans
 * @returns {Span | null}
 */
function longest(line, spans) {
  /** @type {Span | null} */
  let best = null;
  let bestM = 0;
  for (const span of spans) {
    const metres = lengthM(slice(line, span));
    if (metres > bestM) {
      best = span;
      bestM = metres;
    }
  }
  return best;
}
