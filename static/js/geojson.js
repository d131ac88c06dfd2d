/** Pure geometry on RFC 7946 positions: rounding, simplifying, joining strokes, rings, containment. No DOM. */

import { planeAt, segmentDistance } from "./units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("geojson").Geometry} Geometry */
/** @typedef {[number, number]} XY  metres on a local plane */

/**
 * Six decimals, about 0.1 m: what the server stores (RFC 7946 §11.2).
 * @param {Position} position
 * @returns {Position}
 */
export function rounded([lon, lat]) {
  return [Number(lon.toFixed(6)), Number(lat.toFixed(6))];
}

/**
 * Rounded positions without repetitions that follow each other.
 * @param {Position[]} line
 * @returns {Position[]}
 */
export function tidy(line) {
  /** @type {Position[]} */
  const kept = [];
  for (const position of line.map(rounded)) {
    const last = kept.at(-1);
    if (!last || last[0] !== position[0] || last[1] !== position[1]) {
      kept.push(position);
    }
  }
  return kept;
}

/**
 * Douglas–Peucker: fewer positions, none of the dropped ones further than toleranceM from the line that is left.
 * @param {Position[]} line
 * @param {number} toleranceM
 * @returns {Position[]}
 */
export function simplify(line, toleranceM) {
  if (line.length < 3) {
    return line;
  }
  const points = line.map(planeAt(line[0]).toXY);
  const keep = new Uint8Array(line.length);
  keep[0] = 1;
  keep[line.length - 1] = 1;
  /** @type {[number, number][]} */
  const todo = [[0, line.length - 1]];
  for (let span = todo.pop(); span; span = todo.pop()) {
    const [from, to] = span;
    let far = from;
    let farthest = toleranceM;
    for (let i = from + 1; i < to; i += 1) {
      const distance = segmentDistance(points[i], points[from], points[to]);
      if (distance > farthest) {
        farthest = distance;
        far = i;
      }
    }
    if (far !== from) {
      keep[far] = 1;
      todo.push([from, far], [far, to]);
    }
  }
  return line.filter((_, i) => keep[i] === 1);
}

/**
 * Simplify so that at most `most` positions are left, loosening the tolerance as needed.
 * @param {Position[]} line
 * @param {number} toleranceM
 * @param {number} most
 * @returns {Position[]}
 */
export function simplifyTo(line, toleranceM, most) {
  let tolerance = toleranceM;
  let simple = simplify(line, tolerance);
  while (simple.length > most && tolerance < 1000) {
    tolerance *= 1.5;
    simple = simplify(line, tolerance);
  }
  return simple;
}

/**
 * Add a stroke to a line: it continues the line from the end that lies nearest to the stroke's start.
 * @param {Position[]} line    what is drawn already; may be empty
 * @param {Position[]} stroke  the new stroke
 * @param {(a: Position, b: Position) => number} distance  in whatever unit `reach` has
 * @param {number} reach       how near the stroke must start
 * @returns {Position[] | null}  null when the stroke starts near neither end
 */
export function joinStroke(line, stroke, distance, reach) {
  if (line.length === 0) {
    return stroke;
  }
  const toEnd = distance(line[line.length - 1], stroke[0]);
  const toStart = distance(line[0], stroke[0]);
  if (Math.min(toEnd, toStart) > reach) {
    return null;
  }
  return toEnd <= toStart ? [...line, ...stroke] : [...stroke.slice().reverse(), ...line];
}

/**
 * Whether a position lies inside a Polygon or MultiPolygon (holes are outside).
 * @param {Geometry | null | undefined} geometry
 * @param {Position} position
 * @returns {boolean}
 */
export function contains(geometry, position) {
  if (geometry?.type === "Polygon") {
    return inPolygon(geometry.coordinates, position);
  }
  if (geometry?.type === "MultiPolygon") {
    return geometry.coordinates.some((polygon) => inPolygon(polygon, position));
  }
  return false;
}

/**
 * @param {Position[][]} rings
 * @param {Position} position
 */
function inPolygon(rings, position) {
  return rings.length > 0 && inRing(rings[0], position) && !rings.slice(1).some((hole) => inRing(hole, position));
}

/**
 * @param {Position[]} ring
 * @param {Position} position
 */
function inRing(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) {
      inside = !inside;
    }
  }
  return inside;
}

/**
 * Metres from a position to a Point, Polygon or MultiPolygon; 0 inside.
 * @param {Geometry} geometry
 * @param {Position} position
 * @returns {number}
 */
export function distanceTo(geometry, position) {
  if (geometry.type === "Point") {
    return Math.hypot(...planeAt(position).toXY(geometry.coordinates));
  }
  return contains(geometry, position) ? 0 : toOutline(geometry, position);
}

/**
 * How many metres inside a Polygon or MultiPolygon a position lies; 0 outside, and of anything else.
 * @param {Geometry} geometry
 * @param {Position} position
 * @returns {number}
 */
export function depthIn(geometry, position) {
  return contains(geometry, position) ? toOutline(geometry, position) : 0;
}

/**
 * @param {Geometry} geometry
 * @param {Position} position
 * @returns {number}  metres to the nearest ring
 */
function toOutline(geometry, position) {
  const plane = planeAt(position);
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  let nearest = Number.POSITIVE_INFINITY;
  for (const ring of polygons.flat()) {
    const points = ring.map(plane.toXY);
    for (let i = 1; i < points.length; i += 1) {
      nearest = Math.min(nearest, segmentDistance([0, 0], points[i - 1], points[i]));
    }
  }
  return nearest;
}

/**
 * The longest unbroken run of positions inside an area.
 * @param {Position[]} line
 * @param {Geometry} area
 * @returns {Position[]}
 */
export function longestInside(line, area) {
  /** @type {Position[]} */
  let best = [];
  /** @type {Position[]} */
  let run = [];
  for (const position of line) {
    run = contains(area, position) ? [...run, position] : [];
    if (run.length > best.length) {
      best = run;
    }
  }
  return best;
}

/**
 * The area of an open ring (first position not repeated) on a plane.
 * @param {XY[]} ring
 * @returns {number} square metres, never negative
 */
export function areaM2(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    twice += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
  }
  return Math.abs(twice) / 2;
}

/**
 * Where two segments cross each other in their insides, as fractions along both; null when they do not.
 * @param {XY} a
 * @param {XY} b
 * @param {XY} c
 * @param {XY} d
 * @returns {XY | null}  the crossing point
 */
function crossing(a, b, c, d) {
  const rx = b[0] - a[0];
  const ry = b[1] - a[1];
  const sx = d[0] - c[0];
  const sy = d[1] - c[1];
  const cross = rx * sy - ry * sx;
  if (cross === 0) {
    return null;
  }
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? [a[0] + t * rx, a[1] + t * ry] : null;
}

/**
 * Split a ring at its first self-crossing; null when it is simple.
 * @param {XY[]} ring  open
 * @returns {[XY[], XY[]] | null}
 */
function splitAtCrossing(ring) {
  const n = ring.length;
  for (let i = 0; i < n - 2; i += 1) {
    // The last segment is a neighbour of the first.
    for (let j = i + 2; j < (i === 0 ? n - 1 : n); j += 1) {
      const point = crossing(ring[i], ring[i + 1], ring[j], ring[(j + 1) % n]);
      if (point) {
        return [
          [point, ...ring.slice(i + 1, j + 1)],
          [point, ...ring.slice(j + 1), ...ring.slice(0, i + 1)],
        ];
      }
    }
  }
  return null;
}

/**
 * What a child meant by drawing round something: the stroke closed, and where it crosses itself the largest simple loop.
 * @param {Position[]} stroke
 * @param {number} smallestM2  below this there is no area
 * @returns {Position[] | null}  a closed ring, counter-clockwise as RFC 7946 wants it
 */
export function ringOf(stroke, smallestM2) {
  const line = tidy(stroke);
  if (line.length < 3) {
    return null;
  }
  const plane = planeAt(line[0]);
  let ring = openRing(line.map(plane.toXY));
  for (let halves = splitAtCrossing(ring); halves; halves = splitAtCrossing(ring)) {
    ring = openRing(areaM2(halves[0]) >= areaM2(halves[1]) ? halves[0] : halves[1]);
  }
  if (ring.length < 3 || areaM2(ring) < smallestM2) {
    return null;
  }
  const positions = tidy(ring.map(plane.toPosition));
  const wound = signedArea(positions) > 0 ? positions : positions.slice().reverse();
  return [...wound, wound[0]];
}

/**
 * Without repeated points, the last one of which may be the first again.
 * @param {XY[]} points
 * @returns {XY[]}
 */
function openRing(points) {
  return points.filter((point, i) => {
    const next = points[(i + 1) % points.length];
    return Math.hypot(point[0] - next[0], point[1] - next[1]) > 0.05;
  });
}

/**
 * @param {Position[]} ring
 * @returns {number} positive when counter-clockwise
 */
function signedArea(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return twice / 2;
}

/**
 * [west, south, east, north] of positions; null when there are none.
 * @param {Position[]} positions
 * @returns {[number, number, number, number] | null}
 */
export function bboxOf(positions) {
  if (positions.length === 0) {
    return null;
  }
  const lons = positions.map((p) => p[0]);
  const lats = positions.map((p) => p[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/**
 * Every position of a geometry that a mark can have.
 * @param {Geometry | null} geometry
 * @returns {Position[]}
 */
export function positionsOf(geometry) {
  switch (geometry?.type) {
    case "Point":
      return [geometry.coordinates];
    case "LineString":
      return geometry.coordinates;
    case "Polygon":
      return geometry.coordinates[0] ?? [];
    default:
      return [];
  }
}
