/**
 * Changing the shape of a finished way or area by a few handles. Pure. A finger's line has hundreds of positions: some of them get a
 * handle, and what lies between two handles follows them like a rubber band, so that the rest of the drawing stays as it was drawn.
 */

import { segmentDistance } from "./units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {[number, number]} Pixel */
/**
 * @typedef {object} Shape
 * @property {Position[]} line   a ring is open here: its first position is not repeated
 * @property {number[]} at       which positions have a handle, ascending; of a line both ends always do
 * @property {boolean} isRing
 */

/** More handles than this are a thicket, however near one looks. */
const MOST_HANDLES = 24;
/** Of a line with so few positions somebody has put every one; of a longer one it is the finger's trembling. */
const FEW = 12;
/** A bend less than this, in pixels, is none. */
const LEAST_BEND_PX = 5;

/**
 * Choose which positions get a handle: the ends, then those that make the shape, never nearer to each other than `apartPx`.
 * @param {Position[]} line
 * @param {boolean} isRing
 * @param {(position: Position) => Pixel} toPixel
 * @param {number} apartPx
 * @returns {Shape}
 */
export function shapeOf(line, isRing, toPixel, apartPx) {
  const points = line.map(toPixel);
  const least = line.length <= FEW ? 0 : LEAST_BEND_PX;
  /** @type {number[]} */
  const at = isRing ? [0] : [0, line.length - 1];
  for (const { index, bendPx } of byBend(points, isRing)) {
    const isFree = at.every((other) => Math.hypot(points[other][0] - points[index][0], points[other][1] - points[index][1]) >= apartPx);
    // A ring needs three, however small it is on the screen.
    if (at.length < MOST_HANDLES && ((bendPx >= least && isFree) || (isRing && at.length < 3))) {
      at.push(index);
    }
  }
  return { line, at: at.sort((a, b) => a - b), isRing };
}

/**
 * All inner positions in the order in which Douglas and Peucker would keep them.
 * @param {Pixel[]} points
 * @param {boolean} isRing
 * @returns {{index: number, bendPx: number}[]}
 */
function byBend(points, isRing) {
  const last = points.length - 1;
  const closed = isRing ? [...points, points[0]] : points;
  const spans = [farthest(closed, 0, isRing ? last + 1 : last)];
  /** @type {{index: number, bendPx: number}[]} */
  const order = [];
  while (spans.length > 0) {
    const next = spans.reduce((best, span, i) => (span.bendPx > spans[best].bendPx ? i : best), 0);
    const [{ from, to, index, bendPx }] = spans.splice(next, 1);
    if (index > from && index < to) {
      order.push({ index, bendPx });
      spans.push(farthest(closed, from, index), farthest(closed, index, to));
    }
  }
  return order;
}

/**
 * @param {Pixel[]} points
 * @param {number} from
 * @param {number} to
 */
function farthest(points, from, to) {
  let index = from;
  let bendPx = -1;
  for (let i = from + 1; i < to; i += 1) {
    const distance = segmentDistance(points[i], points[from], points[to]);
    if (distance > bendPx) {
      bendPx = distance;
      index = i;
    }
  }
  return { from, to, index, bendPx };
}

/**
 * Move a handle; what lies between it and its neighbours goes along, the less the nearer to them.
 * @param {Shape} shape
 * @param {number} handle
 * @param {Position} to
 * @returns {Shape}
 */
export function moveHandle(shape, handle, to) {
  const from = shape.line[shape.at[handle]];
  const weights = new Map([[shape.at[handle], 1]]);
  const ahead = between(shape, handle);
  ahead.forEach((index, i) => {
    weights.set(index, 1 - (i + 1) / (ahead.length + 1));
  });
  const before = handleBefore(shape, handle);
  const behind = before === null ? [] : between(shape, before);
  behind.forEach((index, i) => {
    weights.set(index, (i + 1) / (behind.length + 1));
  });
  const line = shape.line.map((position, index) => {
    const weight = weights.get(index) ?? 0;
    return weight === 0 ? position : [position[0] + weight * (to[0] - from[0]), position[1] + weight * (to[1] - from[1])];
  });
  return { ...shape, line };
}

/**
 * Take a handle away, and the bend it made; null when too little would be left.
 * @param {Shape} shape
 * @param {number} handle
 * @returns {Shape | null}
 */
export function removeHandle(shape, handle) {
  if (shape.at.length <= (shape.isRing ? 3 : 2)) {
    return null;
  }
  const before = handleBefore(shape, handle);
  const gone = new Set([shape.at[handle], ...between(shape, handle), ...(before === null ? [] : between(shape, before))]);
  const line = shape.line.filter((_, index) => !gone.has(index));
  const at = shape.at.filter((_, i) => i !== handle).map((index) => index - [...gone].filter((other) => other < index).length);
  return { ...shape, line, at };
}

/**
 * A new handle half-way to the next one; after the last of a line, half-way to the one before.
 * @param {Shape} shape
 * @param {number} handle
 * @returns {{shape: Shape, handle: number}}  with the new handle
 */
export function insertHandle(shape, handle) {
  const from = !shape.isRing && handle === shape.at.length - 1 ? handle - 1 : handle;
  const inner = between(shape, from);
  if (inner.length > 0) {
    const index = inner[Math.floor(inner.length / 2)];
    const at = [...shape.at, index].sort((a, b) => a - b);
    return { shape: { ...shape, at }, handle: at.indexOf(index) };
  }
  const index = shape.at[from] + 1;
  const a = shape.line[shape.at[from]];
  const b = shape.line[index % shape.line.length];
  const line = [...shape.line.slice(0, index), [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], ...shape.line.slice(index)];
  const at = [...shape.at.map((other) => (other >= index ? other + 1 : other)), index].sort((x, y) => x - y);
  return { shape: { ...shape, line, at }, handle: at.indexOf(index) };
}

/**
 * The positions without a handle from one handle to the next.
 * @param {Shape} shape
 * @param {number} handle
 * @returns {number[]}
 */
function between({ line, at, isRing }, handle) {
  const from = at[handle];
  const to = at[handle + 1] ?? (isRing ? line.length + at[0] : from);
  return Array.from({ length: Math.max(0, to - from - 1) }, (_, i) => (from + 1 + i) % line.length);
}

/**
 * @param {Shape} shape
 * @param {number} handle
 * @returns {number | null}
 */
function handleBefore({ at, isRing }, handle) {
  return handle > 0 ? handle - 1 : isRing ? at.length - 1 : null;
}
