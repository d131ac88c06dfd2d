// One's own answers, found again by the receipt: a map of the marks, and the way back to the page where they can be changed.

import { createApi } from "../api.js";
import { addBasemap } from "../basemap.js";
import { el } from "../dom.js";
import { createMap, L } from "../leaflet.js";
import { newSession, Tablet } from "../tablet.js";

/** @typedef {import("geojson").Feature<import("geojson").Geometry, {label: string, colour: string, number: number}>} OwnMark */
/** @typedef {{api: string, draw: string, code: string, basemap: import("../basemap.js").Basemap | null, marks: OwnMark[], words: {zoom_in: string, zoom_out: string}}} PageData */

const page = /** @type {PageData} */ (JSON.parse(document.getElementById("own-data")?.textContent ?? "{}"));

/** @param {HTMLElement} place */
function showMap(place) {
  place.hidden = false;
  const map = createMap(place, { position: [10, 62], zoom: 5 });
  L.control.zoom({ zoomInTitle: page.words.zoom_in, zoomOutTitle: page.words.zoom_out }).addTo(map);
  if (page.basemap) {
    addBasemap(map, page.basemap, { look: "desk" });
  }
  const layer = L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: page.marks }), {
    style: (feature) => ({ color: feature?.properties.colour, weight: 5 }),
    pointToLayer: (feature, at) =>
      L.circleMarker(at, { radius: 9, color: "#fff", weight: 2, fillColor: feature.properties.colour, fillOpacity: 1 }),
    onEachFeature: (feature, drawn) => {
      drawn.bindTooltip(el("span", { dir: "auto" }, `${feature.properties.number}. ${feature.properties.label}`));
    },
  }).addTo(map);
  map.fitBounds(layer.getBounds(), { padding: [40, 40], maxZoom: 16, animate: false });
}

/** Give the pupil's page this response to go on with, in the language that is read here, and go there. */
async function change() {
  const joined = await createApi(page.api).takeUp(page.code);
  const tablet = await new Tablet().open();
  await tablet.forgetPupil("");
  const { response, write_token: token } = joined;
  const language = document.documentElement.lang;
  await tablet.saveSession(newSession({ entry: {}, language, response, token, joined, warmedUp: true, copied: false }));
  location.assign(page.draw);
}

const place = document.getElementById("own-map");
if (place && page.marks.length > 0) {
  showMap(place);
}
const button = document.getElementById("change");
const sorry = document.getElementById("change-sorry");
if (button instanceof HTMLButtonElement && sorry) {
  button.hidden = false;
  button.addEventListener("click", () => {
    sorry.hidden = true;
    button.disabled = true;
    change().catch(() => {
      sorry.hidden = false;
      button.disabled = false;
    });
  });
}
