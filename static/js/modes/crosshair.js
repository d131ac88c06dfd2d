/** Pointing without tapping: the map moves under a fixed pin (arrow keys, buttons, a finger); for keyboards, switches and unsteady hands. */

import { el, picture } from "../dom.js";
import { listen, positionAt } from "../leaflet.js";
import { movePad } from "./pad.js";

/** How far one press moves the map, in pixels. */
const STEP_PX = 60;
/** Where the pin is now is told when the map has come to rest. */
const REST_MS = 500;

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

/**
 * Show the pin until the signal says stop.
 * @param {import("./place.js").Ground} ground
 * @param {object} options
 * @param {string} options.icon          picture under the pin
 * @param {(position: Position) => void} options.onPut  for Enter on the map; the page's own button calls position()
 * @param {AbortSignal} options.signal
 * @returns {{position: () => Position}}
 */
export function crosshair({ map, freeCentre, t, tellWhere }, { icon, onPut, signal }) {
  const container = map.getContainer();
  const pin = el("div", { class: "aim-pin" }, picture(icon));
  const pad = movePad(t("aim.pad"), t, (dx, dy) => map.panBy([dx * STEP_PX, dy * STEP_PX], { animate: false }));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  const place = () => {
    const { x, y } = freeCentre();
    pin.style.insetInlineStart = "0";
    pin.style.transform = `translate(${x}px, ${y}px)`;
  };
  const position = () => {
    const { x, y } = freeCentre();
    return positionAt(map.containerPointToLatLng([x, y]));
  };

  container.append(pin);
  container.after(pad);
  place();
  requestAnimationFrame(place);
  window.addEventListener("resize", place, { signal });
  listen(
    map,
    "moveend",
    () => {
      clearTimeout(resting);
      resting = setTimeout(() => tellWhere(position()), REST_MS);
    },
    signal,
  );
  container.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && event.target === container) {
        event.preventDefault();
        onPut(position());
      }
    },
    { signal },
  );
  signal.addEventListener("abort", () => {
    clearTimeout(resting);
    pin.remove();
    pad.remove();
  });
  return { position };
}
