/**
 * The only module that knows Terra Draw: one finger (or the mouse) draws strokes, two fingers pan and zoom.
 *
 * Terra Draw's own Leaflet adapter puts an inline style sheet on the page, which our Content-Security-Policy refuses, builds a
 * new layer for every point, and loses a stroke whose finger is lifted over a marker. This one lays a clear surface over the map,
 * takes all pointer events there, and moves one line.
 */

import { TerraDraw, TerraDrawExtend, TerraDrawFreehandLineStringMode } from "../vendor/terra-draw-1.35.0/terra-draw.js";
import { L, latLng } from "./leaflet.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

const MODE = "freehand-linestring";
/** A second finger within this time and distance means "I wanted to move the map", not "I have drawn". */
const SLIP_MS = 300;
const SLIP_PX = 40;
/** A finger that trembles within this is tapping. */
const TAP_PX = 12;

class SurfaceAdapter extends TerraDrawExtend.TerraDrawBaseAdapter {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement} surface
   * @param {(line: Position[]) => void} show
   */
  constructor(map, surface, show) {
    super({ coordinatePrecision: 9 });
    this.map = map;
    this.surface = surface;
    this.show = show;
  }

  getMapEventElement() {
    return this.surface;
  }

  /** @param {PointerEvent | MouseEvent} event */
  getLngLatFromEvent(event) {
    const { containerX, containerY } = this.getMapElementXYPosition(event);
    return this.unproject(containerX, containerY);
  }

  /**
   * @param {number} lng
   * @param {number} lat
   */
  project(lng, lat) {
    return this.map.latLngToContainerPoint([lat, lng]);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  unproject(x, y) {
    const { lng, lat } = this.map.containerPointToLatLng([x, y]);
    return { lng, lat };
  }

  /** @param {any} changes */
  render(changes) {
    const feature = [...changes.created, ...changes.updated].find((one) => one.geometry.type === "LineString");
    if (feature) {
      this.show(feature.geometry.coordinates);
    }
  }

  clear() {
    this._currentModeCallbacks?.onClear();
    this.show([]);
  }

  // The mode that draws decides about dragging and double taps; cursors are the style sheet's.
  setDraggability() {}
  setDoubleClickToZoom() {}
  setCursor() {}

  /** @param {any} callbacks */
  register(callbacks) {
    super.register(callbacks);
    callbacks.onReady?.();
  }
}

/**
 * Let fingers draw strokes until the signal says stop.
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {string} options.colour
 * @param {AbortSignal} options.signal
 * @param {(stroke: Position[]) => void} options.onStroke  a finished stroke of two positions or more
 * @param {(stroke: Position[] | null) => void} [options.onProgress]  the stroke so far; null when it is over and dealt with
 * @param {(event: PointerEvent) => void} [options.onTap]
 */
export function drawStrokes(map, { colour, signal, onStroke, onProgress, onTap }) {
  const surface = document.createElement("div");
  surface.className = "draw-surface";
  map.getContainer().append(surface);

  const casing = L.polyline([], { className: "stroke-casing", interactive: false, smoothFactor: 0 }).addTo(map);
  const ink = L.polyline([], { className: "stroke-ink", color: colour, interactive: false, smoothFactor: 0 }).addTo(map);
  const show = onceAFrame((/** @type {Position[]} */ line) => {
    const points = line.map(latLng);
    casing.setLatLngs(points);
    ink.setLatLngs(points);
    if (line.length > 1) {
      onProgress?.(line);
    }
  });

  const mode = new TerraDrawFreehandLineStringMode({ drawInteraction: "click-drag", minDistance: 4, keyEvents: null });
  const draw = new TerraDraw({ adapter: new SurfaceAdapter(map, surface, show), modes: [mode] });
  const slip = watchFingers(surface, signal, onTap);
  draw.on("finish", (/** @type {string | number} */ id) => {
    const line = draw.getSnapshotFeature(id)?.geometry.coordinates ?? [];
    // Within Terra Draw's own call the feature cannot be taken away yet.
    queueMicrotask(() => {
      // Terra Draw waits half a second before it takes another stroke; a child does not.
      Reflect.set(mode, "preventNewFeature", false);
      if (draw.enabled) {
        draw.clear();
      }
      show([]);
      if (line.length >= 2 && !slip.happened() && !slip.wasTap()) {
        onStroke(/** @type {Position[]} */ (line).map(([lon, lat]) => [lon, lat]));
      }
      onProgress?.(null);
    });
  });
  draw.start();
  draw.setMode(MODE);

  signal.addEventListener("abort", () => {
    draw.stop();
    surface.remove();
    onProgress?.(null);
    casing.remove();
    ink.remove();
  });
}

/**
 * Ends a stroke when a palm or the system takes the pointer away (what is drawn is kept), and when a second finger comes down
 * (what was drawn by then is kept, too, unless it is only the beginning of a pinch).
 * @param {HTMLElement} surface
 * @param {AbortSignal} signal
 * @param {((event: PointerEvent) => void) | undefined} onTap
 */
function watchFingers(surface, signal, onTap) {
  let startedAt = 0;
  let slipped = false;
  let travelled = 0;
  let reach = 0;
  let wasTap = false;
  /** @type {{x: number, y: number}} */
  let last = { x: 0, y: 0 };
  let first = last;
  const endStroke = () => {
    const at = { clientX: last.x, clientY: last.y, isPrimary: true, bubbles: false };
    surface.dispatchEvent(new PointerEvent("pointerup", at));
  };
  surface.addEventListener(
    "pointerdown",
    (event) => {
      if (event.isPrimary) {
        startedAt = event.timeStamp;
        slipped = false;
        travelled = 0;
        reach = 0;
        wasTap = false;
        last = { x: event.clientX, y: event.clientY };
        first = last;
        return;
      }
      slipped = event.timeStamp - startedAt < SLIP_MS || travelled < SLIP_PX;
      endStroke();
    },
    { signal, capture: true },
  );
  surface.addEventListener(
    "pointermove",
    (event) => {
      if (event.isPrimary) {
        travelled += Math.hypot(event.clientX - last.x, event.clientY - last.y);
        last = { x: event.clientX, y: event.clientY };
        reach = Math.max(reach, Math.hypot(last.x - first.x, last.y - first.y));
      }
    },
    { signal, capture: true },
  );
  surface.addEventListener("pointercancel", (event) => event.isPrimary && endStroke(), { signal });
  surface.addEventListener(
    "pointerup",
    (event) => {
      if (onTap && event.isTrusted && event.isPrimary && reach < TAP_PX && !slipped) {
        wasTap = true;
        onTap(event);
      }
    },
    { signal },
  );
  return { happened: () => slipped, wasTap: () => wasTap };
}

/**
 * Run a function at most once a frame, with the newest argument.
 * @template T
 * @param {(value: T) => void} work
 * @returns {(value: T) => void}
 */
function onceAFrame(work) {
  /** @type {T} */
  let newest;
  let asked = false;
  return (value) => {
    newest = value;
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        work(newest);
      });
    }
  };
}
