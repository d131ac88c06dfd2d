// A plan case: the map of what children said inside a boundary, and drawing the boundary corner by corner.

import { addBasemap } from "../basemap.js";
import { DeskMap } from "../desk_map.js";
import { L, latLng } from "../leaflet.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../desk_map.js").PageData & {is_drawn: boolean, draft: string}} PlanData */

/** As many corners as an address has room for (analysis/areas.py). */
const MOST = 150;
/** The map's width on paper, A4 upright, in CSS pixels. */
const PAPER_PX = 680;

/** @template {HTMLElement} T  @param {string} id  @param {new () => T} type  @returns {T} */
function need(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

const data = /** @type {PlanData} */ (JSON.parse(need("page-data", HTMLScriptElement).textContent ?? ""));
const desk = new DeskMap(need("map", HTMLElement), need("legend", HTMLElement), data);
const basemap = data.basemaps.find((one) => one.default) ?? data.basemaps[0];
if (basemap) addBasemap(desk.map, basemap, { look: "desk" });
desk.fit();
if (data.is_drawn) {
  desk.area.setStyle({ color: "#bd2340", weight: 3, dashArray: "" });
  void showMarks();
} else {
  desk.say("Stiplet: området barna er spurt om.");
}

async function showMarks() {
  try {
    const answer = await fetch(data.urls.marks);
    if (!answer.ok) throw new Error(`${answer.status} ${data.urls.marks}`);
    desk.show("marks", await answer.json());
    desk.area.bringToFront();
  } catch (error) {
    desk.say("Fikk ikke hentet merkene. Last siden på nytt om litt.");
    console.warn(error);
  }
}

const tools = need("drawing", HTMLElement);
const says = need("drawing-says", HTMLElement);
const done = need("done", HTMLButtonElement);
const undo = need("undo", HTMLButtonElement);
/** What is drawn so far. */
const sketch = L.layerGroup().addTo(desk.map);
/** @type {Position[]} */
let corners = [];

function redraw() {
  sketch.clearLayers();
  const ring = corners.map(latLng);
  if (ring.length > 1) L.polygon(ring, { color: "#bd2340", weight: 3, fillOpacity: 0.1, interactive: false }).addTo(sketch);
  for (const at of ring)
    L.circleMarker(at, { radius: 5, color: "#bd2340", fillColor: "#ffffff", fillOpacity: 1, interactive: false }).addTo(sketch);
  done.disabled = corners.length < 3;
  undo.disabled = corners.length === 0;
  const number = corners.length === 1 ? "Ett hjørne" : `${corners.length} hjørner`;
  if (!corners.length) says.textContent = "Trykk i kartet der grensen har hjørner, i rekkefølge.";
  else if (corners.length < 3) says.textContent = `${number}. Sett minst tre.`;
  else says.textContent = corners.length < MOST ? `${number}. Fortsett, eller trykk «Ferdig».` : `${number}; det er ikke plass til flere.`;
}

/** @param {{lat: number, lng: number}} at */
function add(at) {
  if (corners.length < MOST) corners.push([Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))]);
  redraw();
}

const onClick = (/** @type {any} */ event) => add(event.latlng);

/** @param {Position[]} already */
function begin(already) {
  corners = already;
  tools.hidden = false;
  desk.layer.clearLayers();
  desk.map.off("click", onClick).on("click", onClick);
  desk.map.getContainer().classList.add("plan__canvas--drawing");
  redraw();
  tools.scrollIntoView({ block: "nearest" });
}

need("draw", HTMLButtonElement).addEventListener("click", () => begin([]));
need("corner", HTMLButtonElement).addEventListener("click", () => add(desk.map.getCenter()));
undo.addEventListener("click", () => {
  corners.pop();
  redraw();
});
need("cancel", HTMLButtonElement).addEventListener("click", () => {
  tools.hidden = true;
  sketch.clearLayers();
  desk.map.off("click", onClick);
  desk.map.getContainer().classList.remove("plan__canvas--drawing");
  if (data.is_drawn) void showMarks();
});
done.addEventListener("click", () => {
  const area = corners.map((corner) => corner.join(",")).join(" ");
  location.assign(`${location.pathname}?${new URLSearchParams({ area })}`);
});

document.getElementById("print")?.addEventListener("click", () => {
  // paper is narrower than the screen: the map is drawn anew for it before the page is printed
  const canvas = desk.map.getContainer();
  canvas.style.inlineSize = `${PAPER_PX}px`;
  desk.map.invalidateSize({ animate: false });
  desk.fit();
  setTimeout(() => {
    print();
    canvas.style.inlineSize = "";
    desk.map.invalidateSize({ animate: false });
    desk.fit();
  }, 700);
});

for (const only of document.querySelectorAll("[data-script-shows]")) {
  if (only instanceof HTMLElement) only.hidden = false;
}
// what was drawn and refused is not lost
if (data.draft && !data.draft.includes(";")) {
  const drawn = data.draft.split(" ").map((pair) => pair.split(",").map(Number));
  if (drawn.every((corner) => corner.length === 2 && corner.every(Number.isFinite))) {
    begin(drawn);
    if (drawn.length > 1) desk.map.fitBounds(L.latLngBounds(drawn.map(latLng)), { padding: [40, 40], maxZoom: 17 });
  }
}
