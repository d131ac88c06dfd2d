/** Drawing round an area with a finger; or corner by corner with the crosshair. */

import { ringOf, simplify } from "../geojson.js";
import { L, latLng } from "../leaflet.js";
import { drawStrokes } from "../terra.js";
import { crosshair } from "./crosshair.js";
import { refusalAt } from "./place.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("./browse.js").Mode} Mode */

/** Smaller than a sandpit is a slip of the finger. */
const SMALLEST_M2 = 60;
const SMOOTH_M = 3;

/**
 * @param {import("./place.js").Ground} ground
 * @param {object} options
 * @param {string} options.colour
 * @param {string} options.icon
 * @param {(ring: Position[]) => void} options.onRing  closed
 * @param {(why: import("./place.js").Refusal) => void} options.onRefuse
 * @param {(stroke: Position[] | null) => void} options.onProgress  the line under the finger; null when it is over
 * @returns {Mode & {aim: () => void, put: () => void, done: () => void, take: (stroke: Position[]) => void}}
 */
export function areaMode(ground, { colour, icon, onRing, onRefuse, onProgress }) {
  const { map } = ground;
  let stop = new AbortController();
  let fingers = new AbortController();
  /** @type {{position: () => Position} | null} */
  let aiming = null;
  /** @type {Position[]} */
  let corners = [];
  /** @type {import("leaflet").Polygon | null} */
  let sketch = null;

  const close = (/** @type {Position[]} */ stroke) => {
    const ring = ringOf(simplify(stroke, SMOOTH_M), SMALLEST_M2);
    const why = ring ? ring.map((position) => refusalAt(ground, position)).find((one) => one !== null) : "short";
    if (!ring || why) {
      onRefuse(why ?? "short");
    } else {
      onRing(ring);
    }
  };

  const onCorner = (/** @type {Position} */ position) => {
    const why = refusalAt(ground, position);
    if (why) {
      onRefuse(why);
      return;
    }
    corners = [...corners, position];
    sketch?.remove();
    sketch = L.polygon(corners.map(latLng), { className: "area-edge", color: colour, fillColor: colour, interactive: false }).addTo(map);
  };

  return {
    enter() {
      stop = new AbortController();
      fingers = new AbortController();
      aiming = null;
      corners = [];
      map.dragging.disable();
      map.getContainer().classList.add("is-drawing");
      drawStrokes(map, { colour, signal: fingers.signal, onStroke: close, onProgress });
    },
    exit() {
      fingers.abort();
      stop.abort();
      sketch?.remove();
      sketch = null;
      map.dragging.enable();
      map.getContainer().classList.remove("is-drawing");
    },
    // A line that was cut off, as if the finger had been lifted there.
    take: close,
    aim() {
      if (!aiming) {
        fingers.abort();
        map.dragging.enable();
        aiming = crosshair(map, { freeCentre: ground.freeCentre, icon, t: ground.t, onPut: onCorner, signal: stop.signal });
        map.getContainer().focus();
      }
    },
    put() {
      if (aiming) {
        onCorner(aiming.position());
      }
    },
    done() {
      if (corners.length > 0) {
        close(corners);
      }
    },
  };
}
