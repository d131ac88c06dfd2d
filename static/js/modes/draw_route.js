/** Drawing a way: stroke after stroke with a finger, or point after point, tapped or with the crosshair. All of it one line. */

import { joinStroke } from "../geojson.js";
import { L, latLng } from "../leaflet.js";
import { isRoute, smooth, snapToSchool } from "../routes.js";
import { refusalAt } from "./place.js";
import { Points } from "./points.js";
import { sketching } from "./sketch.js";

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
 * @param {import("../routes.js").School | null} options.school  of a way to school: where it ends
 * @param {number} options.maxVertices
 * @param {() => Position[]} options.line      what is drawn already; asked anew, since undo changes it
 * @param {(line: Position[], isWhole: boolean) => void} options.onLine
 * @param {(position: Position) => void} options.onPoint  a point was put; onLine comes with the second
 * @param {(stroke: Position[] | null) => void} options.onProgress  the stroke under the finger; null when it is over
 * @param {(why: import("./place.js").Refusal) => void} options.onRefuse
 * @returns {Mode & {aim: () => void, put: () => void, take: (stroke: Position[]) => void, lay: (line: Position[]) => void, points: Points, showPoints: () => void}}
 */
export function drawRouteMode(ground, options) {
  const { map } = ground;
  const { colour, icon, school, maxVertices, onLine, onProgress, onRefuse } = options;
  // Only the first point waits here: with the second there is a line, and undo is the page's.
  const points = new Points();
  /** @type {import("leaflet").Marker | null} */
  let end = null;

  const pixels = (/** @type {Position} */ a, /** @type {Position} */ b) =>
    map.latLngToContainerPoint(latLng(a)).distanceTo(map.latLngToContainerPoint(latLng(b)));

  const finish = (/** @type {Position[]} */ joined, /** @type {Position | null} */ lifted) => {
    if (!isRoute(joined)) {
      onRefuse("short");
      return false;
    }
    const last = lifted === joined[0] ? "start" : "end";
    const { line, isThere } = school ? snapToSchool(joined, school, last) : { line: joined, isThere: false };
    // Whole is the way whose finger was lifted at school; one that begins there goes on.
    onLine(smooth(line, maxVertices - 10), isThere && lifted !== null);
    return true;
  };

  const onStroke = (/** @type {Position[]} */ stroke) => {
    const why = refusalAt(ground, stroke[0]) === "closer" ? "closer" : null;
    const drawn = options.line();
    // A lone tap somewhere else was none: the stroke begins anew.
    const begun =
      drawn.length > 0 ? joinStroke(drawn, stroke, pixels, REACH_PX) : (joinStroke(points.list, stroke, pixels, REACH_PX) ?? stroke);
    const joined = why ? null : begun;
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
    if (line.length > 0 || points.list.length > 0) {
      if (finish([...(line.length > 0 ? line : points.list), position], null)) {
        options.onPoint(position);
      }
    } else {
      points.put(position);
      showPoints();
      options.onPoint(position);
    }
  };

  const showPoints = () => {
    const position = options.line().at(-1) ?? points.list.at(-1);
    end?.remove();
    end = position ? L.marker(latLng(position), { icon: handleIcon(colour), interactive: false, keyboard: false }).addTo(map) : null;
  };

  const base = sketching(ground, { colour, icon, onStroke, onPoint, onProgress });
  return {
    ...base,
    points,
    showPoints,
    enter() {
      points.clear();
      base.enter();
      showPoints();
    },
    exit() {
      points.clear();
      base.exit();
      end?.remove();
      end = null;
    },
    // A stroke that was cut off, as if the finger had been lifted there.
    take: onStroke,
    lay(line) {
      finish(line, null);
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
