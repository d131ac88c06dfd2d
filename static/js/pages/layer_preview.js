// The page of one of the municipality's layers: its things on a map, each with its name where the pointer is.

import { addBasemap } from "../basemap.js";
import { el } from "../dom.js";
import { L } from "../leaflet.js";

const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");
const says = /** @type {HTMLElement} */ (document.getElementById("map-says"));
const COLOUR = "#0a5bb5";

const map = L.map("map", { preferCanvas: true, zoomSnap: 0.5, minZoom: 4, maxZoom: 20, zoomControl: false });
map.attributionControl?.setPrefix(false);
L.control.zoom({ zoomInTitle: "Zoom inn", zoomOutTitle: "Zoom ut" }).addTo(map);
L.control.scale({ imperial: false }).addTo(map);
map.fitBounds(L.geoJSON(page.municipality).getBounds());
if (page.basemap) addBasemap(map, page.basemap, { look: "desk" });

async function showThings() {
  try {
    const answer = await fetch(page.url);
    if (!answer.ok) throw new Error(`${answer.status} ${page.url}`);
    const layer = L.geoJSON(await answer.json(), {
      style: { color: COLOUR, weight: 3, fillOpacity: 0.2 },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 7, color: "#ffffff", weight: 2, fillColor: COLOUR, fillOpacity: 0.9 }),
      // an element and not a string, which Leaflet would read as HTML: names come from files
      onEachFeature: (thing, drawn) => drawn.bindTooltip(el("span", {}, String(thing.properties.name)), { sticky: true }),
    }).addTo(map);
    if (layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { padding: [20, 20], maxZoom: 16 });
    map.getContainer().dataset.drawn = String(layer.getLayers().length);
  } catch (error) {
    says.textContent = "Fikk ikke hentet tingene. Last siden på nytt om litt.";
    console.warn(error);
  }
}

void showThings();
