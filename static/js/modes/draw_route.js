/** Drawing a way with a finger, stroke after stroke, or point after point with the crosshair. */

import { joinStroke } from "../geojson.js";
import { L, latLng } from "../leaflet.js";
import { isRoute, smooth, snapToSchool } from "../routes.js";
import { drawStrokes } from "../terra.js";
import { crosshair } from "./crosshair.js";
import { refusalAt } from "./place.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("./browse.js").Mode} Mode */
/** @typedef {import("./place.js").Ground} Ground */

/** A stroke that begins this near an end of the way goes on from there. */
const REACH_PX = 70;

/**
 * @param {Ground} ground
 * @param {object} options
 * @param {string} options.colour
 * @param {string} options.icon
 * @param {import("../routes.js").School | null} options.school  where a way to school ends
 * @param {number} options.maxVertices
 * @param {() => Position[]} options.line      what is drawn already; asked anew, since undo changes it
 * @param {(line: Position[], isWhole: boolean) => void} options.onLine
 * @param {(stroke: Position[] | null) => void} options.onProgress  the stroke under the finger; null when it is over
 * @param {(why: import("./place.js").Refusal) => void} options.onRefuse
 * @returns {Mode & {aim: () => void, put: () => void, take: (stroke: Position[]) => void, showEnd: () => void}}
 */
export function drawRouteMode(ground, options) {
  const { map } = ground;
  const { colour, icon, school, maxVertices, onLine, onProgress, onRefuse } = options;
  let stop = new AbortController();
  let fingers = new AbortController();
  /** @type {{position: () => Position} | null} */
  let aiming = null;
  /** @type {import("leaflet").Marker | null} */
  let end = null;
  /** @type {Position | null} */
  let firstPoint = null;

  const pixels = (/** @type {Position} */ a, /** @type {Position} */ b) =>
    map.latLngToContainerPoint(latLng(a)).distanceTo(map.latLngToContainerPoint(latLng(b)));

  const finish = (/** @type {Position[]} */ joined, /** @type {Position | null} */ lifted) => {
    if (!isRoute(joined)) {
      onRefuse("short");
      return;
    }
    const { line, at } = school ? snapToSchool(joined, school) : { line: joined, at: null };
    // Whole is the way whose finger was lifted at school; one that begins there goes on.
    const isWhole = (at === "end" && lifted === joined[joined.length - 1]) || (at === "start" && lifted === joined[0]);
    onLine(smooth(line, maxVertices - 10), isWhole);
  };

  const onStroke = (/** @type {Position[]} */ stroke) => {
    const why = refusalAt(ground, stroke[0]) === "closer" ? "closer" : null;
    const joined = why ? null : joinStroke(options.line(), stroke, pixels, REACH_PX);
    if (!joined) {
      onRefuse(why ?? "far");
      return;
    }
    finish(joined, stroke[stroke.length - 1]);
  };

  const onPoint = (/** @type {Position} */ position) => {
    const why = refusalAt(ground, position);
    if (why) {
      onRefuse(why);
      return;
    }
    const line = options.line();
    if (line.length === 0 && firstPoint === null) {
      firstPoint = position;
      showHandle(position);
      return;
    }
    finish([...(line.length > 0 ? line : [/** @type {Position} */ (firstPoint)]), position], null);
    firstPoint = null;
  };

  const showHandle = (/** @type {Position | undefined} */ position) => {
    end?.remove();
    end = position ? L.marker(latLng(position), { icon: handleIcon(colour), interactive: false, keyboard: false }).addTo(map) : null;
  };

  return {
    enter() {
      stop = new AbortController();
      fingers = new AbortController();
      aiming = null;
      firstPoint = null;
      map.dragging.disable();
      map.getContainer().classList.add("is-drawing");
      drawStrokes(map, { colour, signal: fingers.signal, onStroke, onProgress });
      this.showEnd();
    },
    exit() {
      fingers.abort();
      stop.abort();
      end?.remove();
      end = null;
      map.dragging.enable();
      map.getContainer().classList.remove("is-drawing");
    },
    aim() {
      if (!aiming) {
        fingers.abort();
        map.dragging.enable();
        aiming = crosshair(map, { freeCentre: ground.freeCentre, icon, t: ground.t, onPut: onPoint, signal: stop.signal });
        map.getContainer().focus();
      }
    },
    put() {
      if (aiming) {
        onPoint(aiming.position());
      }
    },
    // A stroke that was cut off, as if the finger had been lifted there.
    take: onStroke,
    showEnd() {
      showHandle(options.line().at(-1));
    },
  };
}

/**
 * @param {string} colour
 * @returns {import("leaflet").DivIcon}
 */
function handleIcon(colour) {
  const element = document.createElement("div");
  element.className = "end-handle";
  element.style.setProperty("--mark", colour);
  return L.divIcon({ html: element, className: "pin-box", iconSize: [44, 44], iconAnchor: [22, 22] });
}
