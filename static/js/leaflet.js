/** The only module that knows that Leaflet is window.L. Positions are [lon, lat] everywhere else; [lat, lng] lives here and in modes. */

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("geojson").Geometry} Geometry */

/** @type {typeof import("leaflet")} */
export const L = /** @type {any} */ (window).L;

/**
 * Leaflet places markers and tiles with translate3d, and a browser gives each of those a layer of its own: with two hundred marks on the
 * map half of every frame of a stroke went into handing layers over. Placed in the plane they share one.
 * @param {HTMLElement} element  that Leaflet has placed
 */
export function layInPlane(element) {
  const { x, y } = L.DomUtil.getPosition(element);
  element.style.transform = `translate(${x}px, ${y}px)`;
}

const Marker = /** @type {any} */ (L.Marker);
const place = Marker.prototype._setPos;
Marker.include({
  /** @param {{x: number, y: number}} point */
  _setPos(point) {
    place.call(this, point);
    layInPlane(this._icon);
  },
});

/**
 * @param {Position} position
 * @returns {[number, number]}
 */
export function latLng([lon, lat]) {
  return [lat, lon];
}

/**
 * @param {{lat: number, lng: number}} point
 * @returns {Position}
 */
export function positionAt(point) {
  return [point.lng, point.lat];
}

/**
 * A map for fingers: no double tap, no controls of its own; zoom and attribution are the page's.
 * @param {HTMLElement} element
 * @param {{position: Position, zoom: number}} start
 * @returns {import("leaflet").Map}
 */
export function createMap(element, start) {
  return L.map(element, {
    center: latLng(start.position),
    zoom: start.zoom,
    zoomControl: false,
    doubleClickZoom: false,
    boxZoom: false,
    zoomSnap: 0.5,
    wheelPxPerZoomLevel: 90,
    maxZoom: 20,
    keyboardPanDelta: 60,
  });
}

/**
 * Listen to the map until the signal says stop.
 * @param {import("leaflet").Map} map
 * @param {string} type
 * @param {(event: any) => void} listener
 * @param {AbortSignal} signal
 */
export function listen(map, type, listener, signal) {
  map.on(type, listener);
  signal.addEventListener("abort", () => map.off(type, listener), { once: true });
}

/**
 * Everything outside the study area under a grey veil.
 * @param {import("leaflet").Map} map
 * @param {Geometry} area
 */
export function veilOutside(map, area) {
  const polygons = area.type === "Polygon" ? [area.coordinates] : area.type === "MultiPolygon" ? area.coordinates : [];
  /** @type {[number, number][]} */
  const world = [
    [-85, -180],
    [85, -180],
    [85, 180],
    [-85, 180],
  ];
  const holes = polygons.map((rings) => rings[0].map(latLng));
  L.polygon([world, ...holes], { interactive: false, className: "veil", stroke: false, fillRule: "evenodd" }).addTo(map);
  for (const hole of holes) {
    L.polygon(hole, { interactive: false, fill: false, className: "veil-edge" }).addTo(map);
  }
}

/**
 * Pan so that a position lies at a point of the screen that no panel covers.
 * @param {import("leaflet").Map} map
 * @param {Position} position
 * @param {{x: number, y: number}} at   container pixels
 * @param {number} [zoom]
 * @param {boolean} [animate]
 */
export function bringTo(map, position, at, zoom = map.getZoom(), animate = !matchMedia("(prefers-reduced-motion: reduce)").matches) {
  const size = map.getSize();
  const point = map.project(latLng(position), zoom);
  const centre = map.unproject(point.add([size.x / 2 - at.x, size.y / 2 - at.y]), zoom);
  map.setView(centre, zoom, { animate, duration: 0.4 });
}
