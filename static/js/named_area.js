/** Areas of those who do not draw: round the places they named. Pure. */

import { contains } from "./geojson.js";
import { planeAt } from "./units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {[number, number]} XY  metres on a local plane */

/** How far round a place; less where the study area ends. */
const RADII_M = [60, 40, 25, 15, 8];
const CORNERS = 12;

/**
 * The outline of circles round places: as a rubber band would lie round them.
 * @param {Position[]} places
 * @param {import("geojson").Geometry} studyArea
 * @returns {Position[] | null}  an open ring; null when not even small circles lie inside the study area
 */
export function areaRound(places, studyArea) {
  if (places.length === 0) {
    return null;
  }
  const plane = planeAt(places[0]);
  for (const radius of RADII_M) {
    const points = places.flatMap((place) => circle(plane.toXY(place), radius));
    const ring = hull(points).map(plane.toPosition);
    if (ring.every((position) => contains(studyArea, position))) {
      return ring;
    }
  }
  return null;
}

/**
 * @param {XY} centre
 * @param {number} radius
 * @returns {XY[]}
 */
function circle([x, y], radius) {
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (i / CORNERS) * 2 * Math.PI;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/**
 * The convex hull, counter-clockwise (Andrew's monotone chain).
 * @param {XY[]} points
 * @returns {XY[]}
 */
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (/** @type {XY[]} */ side) => {
    /** @type {XY[]} */
    const chain = [];
    for (const point of side) {
      while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) {
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/**
 * @param {XY} o
 * @param {XY} a
 * @param {XY} b
 */
function cross(o, a, b) {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}
