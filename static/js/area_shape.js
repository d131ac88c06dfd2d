/** An area being edited: polygons whose corners are moved, put in and taken away; immutable, so that undo is stepping back. No DOM. */

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {readonly (readonly (readonly Position[])[])[]} Shape  of each polygon its rings, closed; the first is the outer one */

/** A polygon has at least so many corners. */
const LEAST_CORNERS = 3;

/**
 * @param {{type: string, coordinates: any}} geometry  Polygon or MultiPolygon
 * @returns {Shape}
 */
export function shapeOf(geometry) {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

/**
 * @param {Shape} shape
 * @returns {string}  GeoJSON, seven decimals: a centimetre
 */
export function asText(shape) {
  const coordinates = shape.map((rings) => rings.map((ring) => ring.map((at) => at.map((part) => Number(part.toFixed(7))))));
  return JSON.stringify({ type: "MultiPolygon", coordinates });
}

/**
 * The corners of the outer rings.
 * @param {Shape} shape
 * @returns {{polygon: number, corner: number, position: Position}[]}
 */
export function cornersOf(shape) {
  return shape.flatMap(([outer], polygon) => outer.slice(0, -1).map((position, corner) => ({ polygon, corner, position })));
}

/**
 * @param {Shape} shape
 * @param {number} polygon
 * @param {(corners: Position[]) => Position[]} change  the corners without the closing one
 * @returns {Shape}
 */
function withOuter(shape, polygon, change) {
  return shape.map(([outer, ...holes], i) => {
    if (i !== polygon) {
      return [outer, ...holes];
    }
    const corners = change(outer.slice(0, -1));
    return [[...corners, corners[0]], ...holes];
  });
}

/**
 * @param {Shape} shape
 * @param {number} polygon
 * @param {number} corner
 * @param {Position} to
 */
export function moveCorner(shape, polygon, corner, to) {
  return withOuter(shape, polygon, (corners) => corners.map((at, i) => (i === corner ? to : at)));
}

/**
 * A new corner after another.
 * @param {Shape} shape
 * @param {number} polygon
 * @param {number} after
 * @param {Position} at
 */
export function addCorner(shape, polygon, after, at) {
  return withOuter(shape, polygon, (corners) => [...corners.slice(0, after + 1), at, ...corners.slice(after + 1)]);
}

/**
 * The shape without a corner; as it was when too few would be left.
 * @param {Shape} shape
 * @param {number} polygon
 * @param {number} corner
 */
export function removeCorner(shape, polygon, corner) {
  const tooFew = shape[polygon][0].length - 1 <= LEAST_CORNERS;
  return tooFew ? shape : withOuter(shape, polygon, (corners) => corners.filter((_, i) => i !== corner));
}
