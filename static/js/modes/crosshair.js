/** Pointing without tapping: the map moves under a fixed pin (arrow keys, buttons, a finger); for keyboards, switches and unsteady hands. */

import { el, iconButton, picture } from "../dom.js";
import { positionAt } from "../leaflet.js";

/** How far one press moves the map, in pixels. */
const STEP_PX = 60;

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

/**
 * Show the pin until the signal says stop.
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {() => {x: number, y: number}} options.freeCentre  the middle of the map that no panel covers
 * @param {string} options.icon          picture under the pin
 * @param {(key: string) => string} options.t
 * @param {(position: Position) => void} options.onPut  for Enter on the map; the page's own button calls position()
 * @param {AbortSignal} options.signal
 * @returns {{position: () => Position}}
 */
export function crosshair(map, { freeCentre, icon, t, onPut, signal }) {
  const container = map.getContainer();
  const pin = el("div", { class: "aim-pin" }, picture(icon));
  const pad = el(
    "div",
    { class: "aim-pad", role: "group", "aria-label": t("aim.pad") },
    padButton(t("aim.up"), "arrow-up", "up", [0, -STEP_PX]),
    padButton(t("aim.left"), "arrow-left", "left", [-STEP_PX, 0]),
    padButton(t("aim.right"), "arrow-right", "right", [STEP_PX, 0]),
    padButton(t("aim.down"), "arrow-down", "down", [0, STEP_PX]),
  );

  /**
   * @param {string} label
   * @param {string} name
   * @param {string} side
   * @param {[number, number]} by
   */
  function padButton(label, name, side, by) {
    return iconButton(label, name, { class: `aim-${side}`, onclick: () => map.panBy(by, { animate: false }) });
  }

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
    pin.remove();
    pad.remove();
  });
  return { position };
}
