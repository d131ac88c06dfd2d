/**
 * What the admin's maps are short of: Leaflet's pictures under their own names, words in Norwegian, and ground to find one's way by: the municipality's
 * boundary and schools, and its basemap where one is in use. django-leaflet makes the maps and says so with map:init.
 */

import { speakNorwegian } from "../admin_words.js";
import { addBasemap } from "../basemap.js";
import { L, latLng } from "../leaflet.js";

/**
 * @typedef {object} Ground  as mapping/admin_ground.py says it
 * @property {import("../basemap.js").Basemap | null} basemap
 * @property {import("geojson").MultiPolygon} boundary
 * @property {{name: string, position: import("geojson").Position}[]} schools
 */

// Leaflet finds its pictures by the address of one in its style sheet, which hashed names defeat; django-leaflet's own cure for it
// looks for this element before the page has it.
const images = document.getElementById("force-img-path");
if (images?.textContent) {
  L.Icon.Default.imagePath = JSON.parse(images.textContent);
}

// The tools are made after map:init.
speakNorwegian(/** @type {any} */ (L).drawLocal ?? {});

window.addEventListener("map:init", (event) => {
  const { map } = /** @type {CustomEvent<{map: import("leaflet").Map}>} */ (event).detail;
  const select = /** @type {HTMLSelectElement | null} */ (document.getElementById("id_municipality"));
  const ground = L.layerGroup().addTo(map);
  void show(map, ground, select?.value || municipalityOfPage());
  select?.addEventListener("change", () => void show(map, ground, select.value));
});

/** @returns {string} the municipality's row, where the page is its own */
function municipalityOfPage() {
  return /\/municipality\/(\d+)\/change\/$/.exec(location.pathname)?.[1] ?? "";
}

/**
 * @param {import("leaflet").Map} map
 * @param {import("leaflet").LayerGroup} layers
 * @param {string} municipality
 */
async function show(map, layers, municipality) {
  layers.clearLayers();
  if (!municipality) {
    return;
  }
  const answer = await fetch(`/kart/kommune/${municipality}.json`);
  if (!answer.ok) {
    return;
  }
  /** @type {Ground} */
  const ground = await answer.json();
  if (ground.basemap) {
    layers.addLayer(addBasemap(map, ground.basemap, { look: "desk" }));
  }
  layers.addLayer(L.geoJSON(ground.boundary, { interactive: false, style: { color: "#3d5a80", weight: 2, fill: false } }));
  for (const school of ground.schools) {
    const dot = L.circleMarker(latLng(school.position), { radius: 5, color: "#3d5a80", weight: 2, fillOpacity: 0.4 });
    const name = document.createElement("span");
    name.textContent = school.name;
    layers.addLayer(dot.bindTooltip(name));
  }
  if (location.pathname.endsWith("/add/")) {
    map.fitBounds(L.geoJSON(ground.boundary).getBounds());
  }
}
