/** Drawing once on a map of the desk, with mouse, pen or finger: a box from corner to corner, or a line by hand. Two fingers move the map. */

import { L, latLng, positionAt } from "./leaflet.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

/** Points nearer to the last one are the hand's trembling. */
const STEP_PX = 3;
/** Less than this was a tap. */
const LEAST_PX = 8;
/** When a drawing is over a click may still come, and would open what lies under it. */
const CLICK_MS = 400;
const STYLE = { color: "#bd2340", weight: 3, fillOpacity: 0.1, interactive: false };

/**
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {"box" | "lasso"} options.shape
 * @param {AbortSignal} options.signal  ends it without an answer
 * @param {(line: Position[]) => void} options.onDone  the line, or the box's two corners; told once
 * @param {() => void} options.onTap  it was too short to be anything
 */
export function sketch(map, { shape, signal, onDone, onTap }) {
  const surface = document.createElement("div");
  surface.className = "sketch-surface";
  map.getContainer().append(surface);
  map.dragging.disable();
  const ink = shape === "box" ? L.rectangle(L.latLngBounds([0, 0], [0, 0]), STYLE) : L.polyline([], STYLE);
  /** @type {Position[]} */
  let line = [];
  /** @type {import("leaflet").Point[]} */
  let pixels = [];
  /** @type {number | null} */
  let hand = null;

  const forget = () => {
    hand = null;
    line = [];
    pixels = [];
    ink.remove();
  };
  const draw = () => {
    const at = line.map(latLng);
    if (ink instanceof L.Rectangle) ink.setBounds(L.latLngBounds(at[0], at[at.length - 1]));
    else ink.setLatLngs(at);
  };
  const add = (/** @type {PointerEvent} */ event) => {
    const pixel = map.mouseEventToContainerPoint(event);
    if (pixels.length && pixels[pixels.length - 1].distanceTo(pixel) < STEP_PX) return;
    pixels.push(pixel);
    line.push(positionAt(map.containerPointToLatLng(pixel)));
    draw();
  };
  const end = () => {
    map.dragging.enable();
    ink.remove();
    surface.addEventListener("click", () => surface.remove());
    setTimeout(() => surface.remove(), CLICK_MS);
  };

  const own = { signal };
  surface.addEventListener("click", (event) => event.stopPropagation());
  surface.addEventListener(
    "pointerdown",
    (event) => {
      // a second finger wants to move the map
      if (hand !== null || !event.isPrimary || event.button > 0) return forget();
      hand = event.pointerId;
      surface.setPointerCapture(event.pointerId);
      ink.addTo(map);
      add(event);
    },
    own,
  );
  surface.addEventListener("pointermove", (event) => event.pointerId === hand && add(event), own);
  surface.addEventListener("pointercancel", forget, own);
  surface.addEventListener(
    "pointerup",
    (event) => {
      if (event.pointerId !== hand) return;
      add(event);
      const first = pixels[0];
      const reach = Math.max(...pixels.map((pixel) => pixel.distanceTo(first)));
      const drawn = shape === "box" ? [line[0], line[line.length - 1]] : line;
      forget();
      if (reach < LEAST_PX) onTap();
      else onDone(drawn);
    },
    own,
  );
  signal.addEventListener("abort", end, { once: true });
}
