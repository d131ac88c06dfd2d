/** The warm-up: find your school and tap it. Teaches tapping, panning and zooming; nothing of it is sent. */

import { button, el, icon, picture } from "../dom.js";
import { contains } from "../geojson.js";
import { L, latLng, listen, positionAt } from "../leaflet.js";
import { crosshair } from "../modes/crosshair.js";
import { burst } from "./finish.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../modes/browse.js").Mode} Mode */

const SCHOOL_PICTURE = "scenes-school";
/** A finger this near the school has found it. */
const NEAR_PX = 70;

/**
 * The school on the map, for the whole visit.
 * @param {import("leaflet").Map} map
 * @param {any} school
 * @returns {import("leaflet").Marker | null}
 */
export function schoolMarker(map, school) {
  if (school.location?.type !== "Point") {
    return null;
  }
  const element = el("div", { class: "school-pin" }, picture("scenes-school"), el("span", { class: "school-name" }, school.name));
  const pin = L.divIcon({ html: element, className: "pin-box", iconSize: [64, 64], iconAnchor: [32, 46] });
  // Under the children's own pins, and not as pale as those while a child draws: it is where the way leads.
  return L.marker(latLng(school.location.coordinates), { icon: pin, interactive: false, keyboard: false, pane: "shadowPane" }).addTo(map);
}

/**
 * @param {import("../modes/place.js").Ground} ground
 * @param {any} school
 * @param {{onHit: (at: {x: number, y: number}) => void, onMiss: () => void}} options
 * @returns {Mode & {aim: () => void, put: () => void}}
 */
function warmUpMode(ground, school, { onHit, onMiss }) {
  const { map } = ground;
  let stop = new AbortController();
  /** @type {{position: () => Position} | null} */
  let aiming = null;
  const tryAt = (/** @type {Position} */ position) => {
    const at = map.latLngToContainerPoint(latLng(position));
    const isNear =
      school.location?.type === "Point" && map.latLngToContainerPoint(latLng(school.location.coordinates)).distanceTo(at) < NEAR_PX;
    if (isNear || contains(school.grounds, position)) {
      onHit(at);
    } else {
      onMiss();
    }
  };
  return {
    enter() {
      stop = new AbortController();
      aiming = null;
      map.dragging.enable();
      map.getContainer().classList.add("is-warming-up");
      listen(map, "click", (event) => tryAt(positionAt(event.latlng)), stop.signal);
    },
    exit() {
      stop.abort();
      map.getContainer().classList.remove("is-warming-up");
    },
    aim() {
      aiming ??= crosshair(ground, { icon: SCHOOL_PICTURE, onPut: tryAt, signal: stop.signal });
      map.getContainer().focus();
    },
    put() {
      if (aiming) {
        tryAt(aiming.position());
      }
    },
  };
}

/**
 * What is said and offered meanwhile.
 * @param {import("./journey.js").Surroundings} surroundings
 * @param {import("../modes/place.js").Ground} ground
 * @param {() => void} onDone
 * @returns {{draw: () => void, mode: Mode}}
 */
export function warmUp({ frame, work, words }, ground, onDone) {
  const t = words.t.bind(words);
  const school = work.session.joined.school;
  let isAiming = false;
  const draw = () => {
    const sight = button(t("aim.start"), { icon: "crosshair", class: "button--quiet", onclick: aim });
    const put = button(t("aim.put"), { icon: "map-pin", class: "button--go", onclick: () => mode.put() });
    frame.say(t("warmup.ask", { school: school.name }));
    frame.showBody(el("p", { class: "dock-tip" }, icon("hand"), t("warmup.move")), isAiming ? put : sight);
    frame.showNext({ label: t("skip"), isQuiet: true, onclick: onDone });
  };
  const aim = () => {
    isAiming = true;
    mode.aim();
    draw();
  };
  const mode = warmUpMode(ground, school, {
    onHit: (at) => {
      burst(frame.element, at);
      navigator.vibrate?.([15, 40, 15]);
      frame.say(t("warmup.well_done"));
      frame.showNext({ label: t("next"), isCalling: true, onclick: onDone });
    },
    onMiss: () => frame.say(t("warmup.nearly", { school: school.name })),
  });
  return { draw, mode };
}
