/** The pupil's marks on the map: pins, ways with their dotted home end, areas. Redraws only what changed. */

import { el, picture, setVars } from "./dom.js";
import { bboxOf, positionsOf } from "./geojson.js";
import { L, latLng } from "./leaflet.js";
import { fading } from "./routes.js";
import { distanceM, lengthM } from "./units.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("./state.js").Mark} Mark */
/** @typedef {{icon: string, colour: string, label: string}} Look */

/**
 * @typedef {object} MarkLayerOptions
 * @property {(mark: Mark) => Look} look
 * @property {(key: string) => void} onTap
 */

export class MarkLayer {
  /** @type {Map<string, {mark: Mark, signature: string, group: import("leaflet").LayerGroup, pin: HTMLElement | null}>} */
  #drawn = new Map();
  #map;
  #options;
  /** @type {string | null} */
  #selected = null;
  /** @type {Set<string>} */
  #troubled = new Set();
  /** @type {string | null} */
  #inHand = null;

  /**
   * @param {import("leaflet").Map} map
   * @param {MarkLayerOptions} options
   */
  constructor(map, options) {
    this.#map = map;
    this.#options = options;
  }

  /**
   * Show these marks and no others.
   * @param {readonly Mark[]} marks
   */
  show(marks) {
    const keys = new Set(marks.map((mark) => mark.key));
    for (const [key, { group }] of this.#drawn) {
      if (!keys.has(key)) {
        group.remove();
        this.#drawn.delete(key);
      }
    }
    for (const mark of marks) {
      this.#showOne(mark);
    }
  }

  /** @param {string | null} key */
  select(key) {
    this.#selected = key;
    this.#emphasise();
  }

  /**
   * The way under the finger is shown whole and without its badge; what stays on the tablet is told when it is done.
   * @param {string | null} key
   * @param {readonly Mark[]} marks
   */
  takeInHand(key, marks) {
    this.#inHand = key;
    this.show(marks);
  }

  /**
   * Marks that the server would not take.
   * @param {Iterable<string>} keys
   */
  trouble(keys) {
    this.#troubled = new Set(keys);
    this.#emphasise();
  }

  #emphasise() {
    for (const [key, { pin }] of this.#drawn) {
      pin?.classList.toggle("is-selected", key === this.#selected);
      pin?.classList.toggle("is-troubled", this.#troubled.has(key));
    }
  }

  /** @param {Mark} mark */
  #showOne(mark) {
    const look = this.#options.look(mark);
    const isInHand = mark.key === this.#inHand;
    const signature = `${look.label}|${look.icon}|${isInHand}`;
    const before = this.#drawn.get(mark.key);
    if (before && before.mark === mark && before.signature === signature) {
      return;
    }
    before?.group.remove();
    const group = L.layerGroup().addTo(this.#map);
    const draw = isInHand ? drawInHand : DRAWERS[mark.kind];
    const pin = draw(mark, look, group, () => this.#options.onTap(mark.key));
    this.#drawn.set(mark.key, { mark, signature, group, pin });
    if (!before && pin) {
      pin.classList.add("is-new");
    }
    this.#emphasise();
  }
}

/** @typedef {(mark: Mark, look: Look, group: import("leaflet").LayerGroup, onTap: () => void) => HTMLElement | null} Drawer */

/** @type {Record<Mark["kind"], Drawer>} */
const DRAWERS = { place: drawPlace, route: drawRoute, area: drawArea };

/** @type {Drawer} */
function drawPlace(mark, look, group, onTap) {
  const [position] = positionsOf(mark.geometry);
  return position ? pinAt(position, look, "pin", group, onTap) : null;
}

/** What stays on the tablet fades towards home. */
const FADES = ["way-cut--near", "way-cut--next", "way-cut--far", "way-cut--last"];

/** @type {Drawer} */
function drawRoute(mark, look, group, onTap) {
  const whole = mark.drawn ?? positionsOf(mark.geometry);
  if (whole.length === 0) {
    return null;
  }
  const sent = positionsOf(mark.geometry);
  for (const part of mark.cut) {
    L.polyline(part.map(latLng), { className: "way-rim way-rim--cut", interactive: false }).addTo(group);
    fading(part, sent, FADES.length).forEach((piece, i) => {
      L.polyline(piece.map(latLng), { className: `way-cut ${FADES[i]}`, color: look.colour, interactive: false }).addTo(group);
    });
  }
  if (sent.length > 1) {
    L.polyline(sent.map(latLng), { className: "way-rim", interactive: false }).addTo(group);
    L.polyline(sent.map(latLng), { className: "way-casing", interactive: false }).addTo(group);
    L.polyline(sent.map(latLng), { className: "way-line", color: look.colour, interactive: false }).addTo(group);
  }
  const hit = L.polyline(whole.map(latLng), { className: "way-hit" }).addTo(group);
  hit.on("click", (event) => {
    L.DomEvent.stop(event);
    onTap();
  });
  return pinAt(middleOf(sent.length > 1 ? sent : whole), look, "badge", group, onTap);
}

/** @type {Drawer} */
function drawInHand(mark, look, group) {
  if (mark.kind === "area") {
    const ring = positionsOf(mark.geometry).map(latLng);
    L.polygon(ring, { className: "area-rim", interactive: false }).addTo(group);
    L.polygon(ring, { className: "area-edge", color: look.colour, fillColor: look.colour, interactive: false }).addTo(group);
    return null;
  }
  const whole = (mark.drawn ?? positionsOf(mark.geometry)).map(latLng);
  L.polyline(whole, { className: "way-rim", interactive: false }).addTo(group);
  L.polyline(whole, { className: "way-casing", interactive: false }).addTo(group);
  L.polyline(whole, { className: "way-line", color: look.colour, interactive: false }).addTo(group);
  return null;
}

/** @type {Drawer} */
function drawArea(mark, look, group, onTap) {
  const ring = positionsOf(mark.geometry);
  const box = bboxOf(ring);
  if (!box) {
    return null;
  }
  L.polygon(ring.map(latLng), { className: "area-rim", interactive: false }).addTo(group);
  L.polygon(ring.map(latLng), { className: "area-edge", color: look.colour, fillColor: look.colour, interactive: false }).addTo(group);
  return pinAt([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2], look, "badge", group, onTap);
}

/**
 * The position half-way along.
 * @param {Position[]} line
 * @returns {Position}
 */
function middleOf(line) {
  let left = lengthM(line) / 2;
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    const step = distanceM(a, b);
    if (step >= left && step > 0) {
      return [a[0] + ((b[0] - a[0]) * left) / step, a[1] + ((b[1] - a[1]) * left) / step];
    }
    left -= step;
  }
  return line[line.length - 1];
}

/**
 * @param {Position} position
 * @param {Look} look
 * @param {"pin" | "badge"} shape
 * @param {import("leaflet").LayerGroup} group
 * @param {() => void} onTap
 * @returns {HTMLElement}
 */
function pinAt(position, look, shape, group, onTap) {
  const element = el("div", { class: shape }, el("span", { class: "pin-face" }, picture(look.icon)));
  setVars(element, { "--mark": look.colour });
  // What a finger hits is larger than what is drawn: 52 px of a pin and 44 of a badge in a box of 56.
  const size = /** @type {[number, number]} */ (shape === "pin" ? [56, 64] : [56, 56]);
  const anchor = /** @type {[number, number]} */ (shape === "pin" ? [28, 62] : [28, 28]);
  const marker = L.marker(latLng(position), {
    icon: L.divIcon({ html: element, className: "pin-box", iconSize: size, iconAnchor: anchor }),
    keyboard: true,
    alt: look.label,
    title: look.label,
    bubblingMouseEvents: false,
    autoPanOnFocus: false,
  }).addTo(group);
  marker.getElement()?.setAttribute("aria-label", look.label);
  marker.on("click", onTap);
  marker.on("keypress", (/** @type {any} */ event) => {
    if (event.originalEvent.key === "Enter" || event.originalEvent.key === " ") {
      onTap();
    }
  });
  return element;
}
