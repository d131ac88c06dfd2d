/** What drawing a way and drawing round an area have in common: strokes of a finger, single taps, the crosshair. */

import { drawStrokes } from "../terra.js";
import { crosshair } from "./crosshair.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

/** A second tap on the same spot within this time is a child's double tap, and one point. */
const TWICE_MS = 600;
const TWICE_PX = 24;

/**
 * @param {import("./place.js").Ground} ground
 * @param {object} options
 * @param {string} options.colour
 * @param {string} options.icon
 * @param {(stroke: Position[]) => void} options.onStroke
 * @param {(position: Position) => void} options.onPoint  tapped, or put with the crosshair
 * @param {(stroke: Position[] | null) => void} options.onProgress  the stroke under the finger; null when it is over
 * @returns {import("./browse.js").Mode & {aim: () => void, put: () => void}}
 */
export function sketching(ground, { colour, icon, onStroke, onPoint, onProgress }) {
  const { map } = ground;
  let stop = new AbortController();
  let fingers = new AbortController();
  /** @type {{position: () => Position} | null} */
  let aiming = null;
  let tapped = { at: Number.NEGATIVE_INFINITY, x: 0, y: 0 };

  const onTap = (/** @type {PointerEvent} */ event) => {
    const { x, y } = map.mouseEventToContainerPoint(event);
    const isTwice = event.timeStamp - tapped.at < TWICE_MS && Math.hypot(x - tapped.x, y - tapped.y) < TWICE_PX;
    tapped = { at: event.timeStamp, x, y };
    if (!isTwice) {
      const { lng, lat } = map.containerPointToLatLng([x, y]);
      onPoint([lng, lat]);
    }
  };

  return {
    enter() {
      stop = new AbortController();
      fingers = new AbortController();
      aiming = null;
      map.dragging.disable();
      map.getContainer().classList.add("is-drawing");
      drawStrokes(map, { colour, signal: fingers.signal, onStroke, onProgress, onTap });
    },
    exit() {
      fingers.abort();
      stop.abort();
      map.dragging.enable();
      map.getContainer().classList.remove("is-drawing");
    },
    aim() {
      if (!aiming) {
        fingers.abort();
        map.dragging.enable();
        aiming = crosshair(ground, { icon, onPut: onPoint, signal: stop.signal });
        map.getContainer().focus();
      }
    },
    put() {
      if (aiming) {
        onPoint(aiming.position());
      }
    },
  };
}
