/** The page of a survey's area: drag its corners, put new ones in, or draw it anew with finger or mouse. What is drawn goes into the form. */

import { addCorner, asText, cornersOf, moveCorner, removeCorner, shapeOf } from "../area_shape.js";
import { addBasemap } from "../basemap.js";
import { el } from "../dom.js";
import { ringOf, simplify } from "../geojson.js";
import { L, latLng, positionAt } from "../leaflet.js";
import { drawStrokes } from "../terra.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../area_shape.js").Shape} Shape */

const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");
const form = /** @type {HTMLFormElement} */ (document.querySelector("form.form"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("id_drawn"));
const help = /** @type {HTMLElement} */ (document.getElementById("draw-help"));
const [drawNew, drawDone, drawUndo] = ["draw-new", "draw-done", "draw-undo"].map(
  (id) => /** @type {HTMLButtonElement} */ (document.getElementById(id)),
);
const COLOUR = "#0a5bb5";
/** More corners than a hand wants to drag; such an area is drawn anew or taken from somewhere. */
const MOST_CORNERS = 150;
const SMALLEST_M2 = 10_000;
const SMOOTH_M = 10;
const STEP_PX = 10;
/** As large as a finger may hit, and room for a new corner between two. */
const CORNER_PX = 24;
const MIDDLE_FROM_PX = 80;
const HELP =
  "Dra i hjørnene, eller trykk på en liten prikk for et nytt. Trykk på et hjørne for å ta det bort. Med tastatur: piler flytter.";
const MANY = "Området har for mange hjørner til å dra i. Tegn det på nytt, eller velg en annen måte under.";
const DRAWING = "Tegn rundt området i én strek, eller trykk på hjørnene etter tur og så «Ferdig». To fingre flytter kartet.";
const TOO_SMALL = "Det ble for lite, eller kanten krysset seg selv. Prøv igjen.";

const map = L.map("map", { zoomSnap: 0.5, minZoom: 4, maxZoom: 20, zoomControl: false });
L.control.zoom({ zoomInTitle: "Zoom inn", zoomOutTitle: "Zoom ut" }).addTo(map);
map.attributionControl?.setPrefix(false);
const outline = L.layerGroup().addTo(map);
const handles = L.layerGroup().addTo(map);

/** @type {Shape} */
let shape = shapeOf(page.drawn ? JSON.parse(page.drawn) : page.area);
/** @type {Shape[]} */
let before = [];
/** @type {AbortController | null} */
let drawing = null;
/** @type {Position[]} */
let tapped = [];

/** @param {Shape} next */
function become(next) {
  if (next === shape) {
    return;
  }
  before = [...before, shape];
  shape = next;
  changed();
}

function changed() {
  field.value = asText(shape);
  const way = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=way][value=tegnet]"));
  if (way) {
    way.checked = true;
  }
  show();
}

function show() {
  outline.clearLayers();
  handles.clearLayers();
  const polygons = shape.map((rings) => rings.map((ring) => ring.map((at) => latLng(/** @type {Position} */ (at)))));
  L.polygon(polygons, { color: COLOUR, weight: 3, fillOpacity: 0.12, interactive: false }).addTo(outline);
  L.polyline(tapped.map(latLng), { color: COLOUR, dashArray: "6 6", interactive: false }).addTo(outline);
  for (const at of tapped) {
    L.circleMarker(latLng(at), { radius: 6, color: COLOUR, fillOpacity: 1, interactive: false }).addTo(outline);
  }
  drawUndo.disabled = before.length === 0 && tapped.length === 0;
  const corners = cornersOf(shape);
  const isMany = corners.length > MOST_CORNERS;
  help.textContent = drawing ? DRAWING : isMany ? MANY : HELP;
  if (!drawing && !isMany) {
    for (const { polygon, corner, position } of corners.filter(apart())) {
      addHandles(polygon, corner, position);
    }
  }
}

/** Of corners that lie on each other at this zoom only the first is offered; closer by there are more. */
function apart() {
  /** @type {import("leaflet").Point[]} */
  const offered = [];
  return (/** @type {{position: Position}} */ { position }) => {
    const point = map.latLngToLayerPoint(latLng(position));
    const isFree = offered.every((other) => other.distanceTo(point) >= CORNER_PX + 2);
    if (isFree) {
      offered.push(point);
    }
    return isFree;
  };
}

/**
 * @param {number} polygon
 * @param {number} corner
 * @param {Position} position
 */
function addHandles(polygon, corner, position) {
  const ring = shape[polygon][0];
  const next = ring[corner + 1];
  const title = `Hjørne ${corner + 1}`;
  const handle = marker(position, "area-corner", CORNER_PX, title, true);
  handle.on("dragend", () => become(moveCorner(shape, polygon, corner, positionAt(handle.getLatLng()))));
  handle.on("click", () => become(removeCorner(shape, polygon, corner)));
  handle.getElement()?.addEventListener("keydown", (event) => byKey(/** @type {KeyboardEvent} */ (event), polygon, corner, title));
  if (map.latLngToLayerPoint(latLng(position)).distanceTo(map.latLngToLayerPoint(latLng(next))) < MIDDLE_FROM_PX) {
    return;
  }
  const middle = marker(
    [(position[0] + next[0]) / 2, (position[1] + next[1]) / 2],
    "area-middle",
    CORNER_PX,
    `Nytt hjørne etter ${corner + 1}`,
    true,
  );
  const put = () => become(addCorner(shape, polygon, corner, positionAt(middle.getLatLng())));
  middle.on("click", put);
  middle.on("dragend", put);
}

/**
 * @param {Position} position
 * @param {string} className
 * @param {number} size  pixels
 * @param {string} title
 * @param {boolean} draggable
 */
function marker(position, className, size, title, draggable) {
  const icon = L.divIcon({ className, iconSize: [size, size] });
  const made = L.marker(latLng(position), { icon, draggable, title, alt: title, keyboard: true }).addTo(handles);
  made.getElement()?.setAttribute("aria-label", title);
  return made;
}

/**
 * @param {KeyboardEvent} event
 * @param {number} polygon
 * @param {number} corner
 * @param {string} title
 */
function byKey(event, polygon, corner, title) {
  const steps = /** @type {Record<string, [number, number]>} */ ({
    ArrowLeft: [-STEP_PX, 0],
    ArrowRight: [STEP_PX, 0],
    ArrowUp: [0, -STEP_PX],
    ArrowDown: [0, STEP_PX],
  });
  const step = steps[event.key];
  if (!step) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  const [lon, lat] = shape[polygon][0][corner];
  const point = map.latLngToContainerPoint([lat, lon]).add(step);
  become(moveCorner(shape, polygon, corner, positionAt(map.containerPointToLatLng(point))));
  /** @type {HTMLElement | null} */ (document.querySelector(`.area-corner[title="${title}"]`))?.focus();
}

/** @param {Position[]} line  @param {number} smoothM */
function takeRing(line, smoothM) {
  const ring = ringOf(simplify(line, smoothM), SMALLEST_M2);
  stopDrawing();
  if (ring) {
    become([[ring]]);
  } else {
    help.textContent = TOO_SMALL;
  }
}

function startDrawing() {
  drawing = new AbortController();
  tapped = [];
  drawStrokes(map, {
    colour: COLOUR,
    signal: drawing.signal,
    onStroke: (stroke) => takeRing(stroke, SMOOTH_M),
    onTap: (event) => {
      tapped = [...tapped, positionAt(map.mouseEventToLatLng(event))];
      show();
    },
  });
  drawDone.hidden = false;
  drawNew.textContent = "Avbryt tegningen";
  show();
}

function stopDrawing() {
  drawing?.abort();
  drawing = null;
  tapped = [];
  drawDone.hidden = true;
  drawNew.textContent = "Tegn nytt";
  show();
}

drawNew.addEventListener("click", () => (drawing ? stopDrawing() : startDrawing()));
drawDone.addEventListener("click", () => takeRing(tapped, 0));
drawUndo.addEventListener("click", () => {
  if (tapped.length > 0) {
    tapped = tapped.slice(0, -1);
    show();
  } else if (before.length > 0) {
    shape = /** @type {Shape} */ (before.at(-1));
    before = before.slice(0, -1);
    changed();
  }
});

if (page.basemap) {
  addBasemap(map, page.basemap, { look: "desk" });
}
for (const school of page.schools) {
  const dot = L.circleMarker(latLng(school.position), { radius: 6, color: "#3d5a80", weight: 2, fillOpacity: 0.4 });
  dot.bindTooltip(el("span", {}, school.name)).addTo(map);
}
map.fitBounds(L.geoJSON(page.area).getBounds(), { padding: [16, 16] });
// not before the first view, which the layers of a map are drawn for
map.on("zoomend", show);
drawNew.hidden = false;
drawUndo.hidden = false;
show();
