/** Putting one place on the map, or putting it somewhere else: a tap, or the pin of the crosshair. */

import { contains } from "../geojson.js";
import { bringTo, latLng, listen, positionAt } from "../leaflet.js";
import { crosshair } from "./crosshair.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("./browse.js").Mode} Mode */

/**
 * @typedef {object} Ground      what every drawing mode knows of the map
 * @property {import("leaflet").Map} map
 * @property {import("geojson").Geometry} studyArea
 * @property {number} minZoom
 * @property {() => {x: number, y: number}} freeCentre
 * @property {(key: string) => string} t
 * @property {(position: Position) => void} tellWhere   to screen readers, as so many metres from school
 */
/** @typedef {"closer" | "outside" | "far" | "short" | "few"} Refusal */

/**
 * @param {Ground} ground
 * @param {object} options
 * @param {string} options.icon
 * @param {(position: Position) => void} options.onPlace
 * @param {(why: Refusal) => void} options.onRefuse
 * @returns {Mode & {aim: () => void, put: () => void}}
 */
export function placeMode(ground, { icon, onPlace, onRefuse }) {
  const { map } = ground;
  let stop = new AbortController();
  /** @type {{position: () => Position} | null} */
  let aiming = null;

  const tryAt = (/** @type {Position} */ position) => {
    const why = refusalAt(ground, position);
    if (why) {
      onRefuse(why);
    } else {
      navigator.vibrate?.(12);
      onPlace(position);
    }
  };

  return {
    enter() {
      stop = new AbortController();
      aiming = null;
      map.dragging.enable();
      map.getContainer().classList.add("is-placing");
      listen(map, "click", (event) => tryAt(positionAt(event.latlng)), stop.signal);
    },
    exit() {
      stop.abort();
      map.getContainer().classList.remove("is-placing");
    },
    aim() {
      aiming ??= crosshair(ground, { icon, onPut: tryAt, signal: stop.signal });
      map.getContainer().focus();
    },
    put() {
      if (aiming) {
        tryAt(aiming.position());
      }
    },
  };
}

/**
 * Why nothing can be put here; where the map is only too far away it comes closer by itself, so that the next try succeeds.
 * @param {Ground} ground
 * @param {Position} position
 * @returns {Refusal | null}
 */
export function refusalAt({ map, minZoom, studyArea, freeCentre }, position) {
  if (!contains(studyArea, position)) {
    return "outside";
  }
  if (map.getZoom() < minZoom) {
    const centre = freeCentre();
    const isNear = map.latLngToContainerPoint(latLng(position)).distanceTo([centre.x, centre.y]) < 40;
    bringTo(map, position, isNear ? map.latLngToContainerPoint(latLng(position)) : centre, minZoom);
    return "closer";
  }
  return null;
}
