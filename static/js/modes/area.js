/** Drawing round an area with a finger; or corner by corner, tapped or with the crosshair. */

import { ringOf, simplify } from "../geojson.js";
import { L, latLng } from "../leaflet.js";
import { refusalAt } from "./place.js";
import { Points } from "./points.js";
import { sketching } from "./sketch.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("./browse.js").Mode} Mode */

/** Smaller than a sandpit is a slip of the finger. */
export const SMALLEST_M2 = 60;
const SMOOTH_M = 3;
/** Corners that make an area. */
export const LEAST_CORNERS = 3;

/**
 * @param {import("./place.js").Ground} ground
 * @param {object} options
 * @param {string} options.colour
 * @param {string} options.icon
 * @param {(ring: Position[]) => void} options.onRing  closed
 * @param {(corners: Position[]) => void} options.onCorners  put, taken away or put back
 * @param {(why: import("./place.js").Refusal) => void} options.onRefuse
 * @param {(stroke: Position[] | null) => void} options.onProgress  the line under the finger; null when it is over
 * @returns {Mode & {aim: () => void, put: () => void, done: () => void, take: (stroke: Position[]) => void, points: Points, showPoints: () => void}}
 */
export function areaMode(ground, { colour, icon, onRing, onCorners, onRefuse, onProgress }) {
  const { map } = ground;
  const points = new Points();
  const sketch = L.layerGroup();

  const close = (/** @type {Position[]} */ stroke, /** @type {number} */ smoothM) => {
    const ring = ringOf(simplify(stroke, smoothM), SMALLEST_M2);
    const why = ring ? ring.map((position) => refusalAt(ground, position)).find((one) => one !== null) : "short";
    if (!ring || why) {
      onRefuse(why ?? "short");
    } else {
      onRing(ring);
    }
  };

  const onPoint = (/** @type {Position} */ position) => {
    const why = refusalAt(ground, position);
    if (why) {
      onRefuse(why);
      return;
    }
    points.put(position);
    showPoints();
    onCorners(points.list);
  };

  const showPoints = () => {
    const corners = points.list.map(latLng);
    sketch.clearLayers();
    L.polygon(corners, { className: "area-edge", color: colour, fillColor: colour, interactive: false }).addTo(sketch);
    for (const corner of corners) {
      L.circleMarker(corner, { className: "corner-dot", radius: 9, color: colour, interactive: false }).addTo(sketch);
    }
  };

  const onStroke = (/** @type {Position[]} */ stroke) => close(stroke, SMOOTH_M);
  const base = sketching(ground, { colour, icon, onStroke, onPoint, onProgress });
  return {
    ...base,
    points,
    showPoints,
    enter() {
      points.clear();
      sketch.clearLayers().addTo(map);
      base.enter();
    },
    exit() {
      points.clear();
      base.exit();
      sketch.remove();
    },
    // A line that was cut off, as if the finger had been lifted there.
    take: onStroke,
    done() {
      close(points.list, 0);
    },
  };
}
