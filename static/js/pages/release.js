/**
 * The map of a release's page: the published hexagons, one theme at a time, over the municipality's basemap.
 * Without this script the page shows the same map as a picture, and paper always does.
 */

import { addBasemap } from "../basemap.js";
import { el } from "../dom.js";
import { createMap, L, latLng } from "../leaflet.js";

/** @typedef {{name: string, lon: number, lat: number}} Spot */
/** @typedef {{lowest: number, words: string, dark: boolean}} Step */
/** @typedef {{cells: string, bbox: [number, number, number, number], basemap: import("../basemap.js").Basemap | null, scale: Step[], schools: Spot[], pins: Spot[]}} PageData */
/** @typedef {import("geojson").Feature<import("geojson").Polygon, Record<string, number | null>>} Cell */

// A hexagon must be this wide on the screen before its number fits in it beside the names.
const NUMBER_PX = 56;
const CELL_WIDTH_M = 289;
const EQUATOR_M = 40_075_017;

start();

async function start() {
  const source = document.getElementById("release-map-data");
  const place = document.getElementById("release-map");
  showPrintButton();
  if (!source || !place) {
    return;
  }
  const page = /** @type {PageData} */ (JSON.parse(source.textContent ?? ""));
  const cells = await fetchCells(page.cells);
  if (cells) {
    showMap(place, page, cells);
  }
}

/**
 * @param {string} address
 * @returns {Promise<Cell[] | null>}  null when they could not be had: the picture stays
 */
async function fetchCells(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "application/geo+json" } });
    return response.ok ? (await response.json()).features : null;
  } catch (error) {
    console.warn("the map's data did not arrive; the picture of it stays", error);
    return null;
  }
}

/**
 * @param {HTMLElement} place
 * @param {PageData} page
 * @param {Cell[]} cells
 */
function showMap(place, page, cells) {
  place.closest("[data-release-map]")?.classList.add("release-map--live");
  place.hidden = false;
  const [west, south, east, north] = page.bbox;
  const map = createMap(place, { position: [(west + east) / 2, (south + north) / 2], zoom: 12 });
  map.fitBounds([latLng([west, south]), latLng([east, north])], { padding: [16, 16], animate: false });
  L.control.zoom({ zoomInTitle: "Zoom inn", zoomOutTitle: "Zoom ut" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  askBeforeWheel(map, place);
  if (page.basemap) {
    addGround(map, page.basemap);
  }
  if (page.basemap?.kind !== "pmtiles") {
    // our own basemap writes the schools' names itself
    for (const school of page.schools) {
      addSchool(map, school);
    }
  }
  followTheme(map, page, cells);
  for (const pin of page.pins) {
    addPin(map, pin);
  }
  map.on("zoomend", () => hideNumbersFarAway(map, place));
  // the map is as high as the column beside it, which can change without the window doing so
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(place);
  hideNumbersFarAway(map, place);
}

/**
 * The basemap below the hexagons, and its names above them, so that one sees where they lie.
 * @param {import("leaflet").Map} map
 * @param {import("../basemap.js").Basemap} basemap
 */
function addGround(map, basemap) {
  addBasemap(map, basemap, { look: "print", part: "ground" });
  if (basemap.kind === "pmtiles") {
    const pane = map.createPane("names");
    pane.classList.add("names-pane");
    addBasemap(map, basemap, { look: "print", part: "names", pane: "names" });
  }
}

/**
 * Show the theme chosen, now and whenever another one is.
 * @param {import("leaflet").Map} map
 * @param {PageData} page
 * @param {Cell[]} cells
 */
function followTheme(map, page, cells) {
  /** @type {import("leaflet").LayerGroup | null} */
  let shown = null;
  const show = () => {
    const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=tema]:checked"))?.value ?? "";
    shown?.remove();
    shown = themeLayer(page, cells, chosen).addTo(map);
  };
  document.querySelector(".release-themes")?.addEventListener("change", show);
  show();
}

/**
 * @param {PageData} page
 * @param {Cell[]} cells
 * @param {string} theme  "" is all of them together
 * @returns {import("leaflet").LayerGroup}
 */
function themeLayer(page, cells, theme) {
  const group = L.layerGroup();
  for (const cell of cells) {
    const children = cell.properties[theme ? `theme_${theme}` : "children"];
    if (children === null || children === undefined) {
      continue;
    }
    const index = page.scale.findLastIndex((step) => children >= step.lowest);
    const step = page.scale[index];
    const ring = cell.geometry.coordinates[0].map(latLng);
    const hexagon = L.polygon(ring, { className: `hex hex--${index}` }).addTo(group);
    hexagon.bindTooltip(tipOf(step, children, String(cell.id)), { sticky: true, className: "hex-tip" });
    const number = el("span", { class: `hex-number hex-number--${step.dark ? "light" : "dark"}` }, String(children));
    const icon = L.divIcon({ html: number, className: "hex-number-box", iconSize: [0, 0] });
    L.marker(hexagon.getBounds().getCenter(), { icon, interactive: false, keyboard: false }).addTo(group);
  }
  return group;
}

/**
 * @param {Step} step
 * @param {number} children
 * @param {string} name
 * @returns {HTMLElement}
 */
function tipOf(step, children, name) {
  return el(
    "span",
    {},
    el("strong", {}, `Om lag ${children} barn`),
    ` – ${step.words.toLowerCase()}`,
    el("br"),
    el("small", {}, `Rute ${name}`),
  );
}

/**
 * @param {import("leaflet").Map} map
 * @param {Spot} school
 */
function addSchool(map, school) {
  const icon = L.divIcon({ html: el("span", { class: "map-school-name" }, school.name), className: "map-school-box", iconSize: [0, 0] });
  L.marker(latLng([school.lon, school.lat]), { icon, interactive: false, keyboard: false }).addTo(map);
}

/**
 * A finding's number; choosing it leads to the finding.
 * @param {import("leaflet").Map} map
 * @param {Spot} pin
 */
function addPin(map, pin) {
  const icon = L.divIcon({ html: el("span", { class: "map-number" }, pin.name), className: "map-number-box", iconSize: [44, 44] });
  const marker = L.marker(latLng([pin.lon, pin.lat]), { icon, zIndexOffset: 1000 }).addTo(map);
  marker.getElement()?.setAttribute("aria-label", `Funn ${pin.name}`);
  marker.on("click keypress", () => {
    location.hash = `funn-${pin.name}`;
  });
}

/**
 * Numbers only where a hexagon has room for them.
 * @param {import("leaflet").Map} map
 * @param {HTMLElement} place
 */
function hideNumbersFarAway(map, place) {
  const metresPerPixel = (EQUATOR_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 256 / 2 ** map.getZoom();
  place.classList.toggle("is-far", CELL_WIDTH_M / metresPerPixel < NUMBER_PX);
}

/**
 * The wheel scrolls the page until the map has been touched, so that nobody is caught in it on the way down.
 * @param {import("leaflet").Map} map
 * @param {HTMLElement} place
 */
function askBeforeWheel(map, place) {
  map.scrollWheelZoom.disable();
  place.addEventListener("pointerdown", () => map.scrollWheelZoom.enable());
  place.addEventListener("pointerleave", () => map.scrollWheelZoom.disable());
}

function showPrintButton() {
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-print]"));
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
