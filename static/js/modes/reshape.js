/** Changing the shape of a finished way or area: handles to drag, or to choose and then move by arrows, buttons or a tap on the map. */

import { el } from "../dom.js";
import { bringTo, L, latLng, listen, positionAt } from "../leaflet.js";
import { insertHandle, moveHandle, removeHandle, shapeOf } from "../shape.js";
import { movePad } from "./pad.js";
import { refusalAt } from "./place.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../shape.js").Shape} Shape */

/** What a finger hits of a handle is 56 px wide, and 8 px lie between two of them. */
const APART_PX = 64;
/** How far one press of an arrow moves a point. */
const STEP_PX = 12;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
});

/**
 * @typedef {object} ReshapeOptions
 * @property {string} colour
 * @property {boolean} isRing
 * @property {() => Position[]} line   as it is now, a ring open; asked anew after undo
 * @property {(n: number, of: number) => string} label          of a handle, for screen readers
 * @property {(line: Position[], moved: number | null) => boolean} onShape  false when it cannot be so; moved: the handle, when one was
 * @property {(n: number, of: number, position: Position) => void} onChosen
 * @property {(why: import("./place.js").Refusal) => void} onRefuse
 */
/**
 * @typedef {object} Reshaping
 * @property {() => void} sync                 show the line as it is, after undo
 * @property {(by: 1 | -1) => void} choose     the next handle, or the one before
 * @property {() => void} insert
 * @property {() => void} remove
 */

/**
 * @param {import("./place.js").Ground} ground
 * @param {ReshapeOptions} options
 * @returns {import("./browse.js").Mode & Reshaping}
 */
export function reshapeMode(ground, options) {
  const { map, t } = ground;
  const handles = L.layerGroup();
  const preview = L.polyline([], { className: "shape-preview", color: options.colour, interactive: false });
  let stop = new AbortController();
  /** @type {import("leaflet").Marker[]} */
  let markers = [];
  let chosen = 0;
  // A tap on the map moves a point only when that point was asked for: tap it, tap where it shall be.
  let isArmed = false;
  /** @type {Shape} */
  let shape = { line: [], at: [], isRing: options.isRing };

  const toPixel = (/** @type {Position} */ position) => {
    const { x, y } = map.latLngToContainerPoint(latLng(position));
    return /** @type {[number, number]} */ ([x, y]);
  };
  const positionOf = (/** @type {number} */ handle) => shape.line[shape.at[handle]];

  const focus = () => markers[chosen]?.getElement()?.focus({ preventScroll: true });

  const emphasise = () => {
    markers.forEach((marker, i) => {
      const element = marker.getElement();
      element?.classList.toggle("is-chosen", i === chosen);
      element?.setAttribute("aria-pressed", String(i === chosen));
      element?.setAttribute("aria-label", options.label(i + 1, markers.length));
    });
  };

  const chooseHandle = (/** @type {number} */ handle) => {
    if (handle !== chosen) {
      chosen = handle;
      emphasise();
      options.onChosen(chosen + 1, markers.length, positionOf(chosen));
    }
  };

  /** Nobody moves a point that lies under a button: the map moves out from there. */
  const uncover = () => {
    const box = markers[chosen]?.getElement()?.getBoundingClientRect();
    if (box && !document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.closest(".shape-box")) {
      bringTo(map, positionOf(chosen), ground.freeCentre());
    }
  };

  /** New handles for a new number of them. */
  const build = () => {
    handles.clearLayers();
    chosen = Math.max(0, Math.min(chosen, shape.at.length - 1));
    markers = shape.at.map((_, i) => handleAt(i));
    emphasise();
  };

  const sync = () => {
    const hadFocus = markers.some((marker) => marker.getElement() === document.activeElement);
    shape = shapeOf(options.line(), options.isRing, toPixel, APART_PX);
    build();
    if (hadFocus) {
      focus();
    }
  };

  /**
   * @param {Shape} next
   * @param {number | null} moved
   */
  const become = (next, moved) => {
    if (!options.onShape(next.line, moved)) {
      markers[chosen]?.setLatLng(latLng(positionOf(chosen)));
      return false;
    }
    shape = next;
    return true;
  };

  const moveTo = (/** @type {number} */ handle, /** @type {Position} */ to) => {
    const why = refusalAt(ground, to);
    if (why) {
      options.onRefuse(why);
      markers[handle].setLatLng(latLng(positionOf(handle)));
    } else if (become(moveHandle(shape, handle, to), handle)) {
      markers[handle].setLatLng(latLng(to));
    }
  };

  const tapTo = (/** @type {Position} */ to) => {
    isArmed = false;
    moveTo(chosen, to);
  };

  const step = (/** @type {number} */ dx, /** @type {number} */ dy) => {
    const [x, y] = toPixel(positionOf(chosen));
    moveTo(chosen, positionAt(map.containerPointToLatLng([x + dx * STEP_PX, y + dy * STEP_PX])));
    uncover();
  };

  const insert = () => {
    const { shape: next, handle } = insertHandle(shape, chosen);
    if (become(next, null)) {
      chosen = handle;
      build();
      focus();
      options.onChosen(chosen + 1, markers.length, positionOf(chosen));
    }
  };

  const remove = () => {
    const next = removeHandle(shape, chosen);
    if (next === null) {
      options.onRefuse("few");
    } else if (become(next, null)) {
      build();
      focus();
    }
  };

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      step(...arrow);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      remove();
    } else if (event.key === "Insert" || event.key === "+") {
      insert();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** @param {number} handle */
  function handleAt(handle) {
    const face = el("div", { class: "shape-handle", vars: { "--mark": options.colour } });
    const icon = L.divIcon({ html: face, className: "pin-box shape-box", iconSize: [56, 56], iconAnchor: [28, 28] });
    const marker = L.marker(latLng(positionOf(handle)), {
      icon,
      draggable: true,
      keyboard: true,
      autoPanOnFocus: false,
      zIndexOffset: 1000,
    });
    marker.addTo(handles);
    const element = marker.getElement();
    element?.addEventListener("focus", () => chooseHandle(handle));
    element?.addEventListener("keydown", onKey);
    marker.on("click", () => {
      chooseHandle(handle);
      isArmed = true;
    });
    marker.on("dragstart", () => chooseHandle(handle));
    marker.on("drag", () => {
      const line = moveHandle(shape, handle, positionAt(marker.getLatLng())).line;
      preview.setLatLngs((shape.isRing ? [...line, line[0]] : line).map(latLng));
    });
    marker.on("dragend", () => {
      preview.setLatLngs([]);
      moveTo(handle, positionAt(marker.getLatLng()));
    });
    return marker;
  }

  return {
    sync,
    insert,
    remove,
    choose(by) {
      chooseHandle((chosen + by + markers.length) % markers.length);
      isArmed = true;
      uncover();
    },
    enter() {
      stop = new AbortController();
      map.dragging.enable();
      map.getContainer().classList.add("is-reshaping");
      handles.addTo(map);
      preview.addTo(map);
      sync();
      const pad = movePad(t("shape.pad"), t, step);
      map.getContainer().after(pad);
      stop.signal.addEventListener("abort", () => pad.remove());
      listen(map, "click", (event) => isArmed && tapTo(positionAt(event.latlng)), stop.signal);
      listen(map, "zoomend", sync, stop.signal);
      focus();
      options.onChosen(chosen + 1, markers.length, positionOf(chosen));
      // when the dock has what belongs to this
      requestAnimationFrame(() => stop.signal.aborted || uncover());
    },
    exit() {
      stop.abort();
      handles.clearLayers().remove();
      preview.remove();
      map.getContainer().classList.remove("is-reshaping");
    },
  };
}
