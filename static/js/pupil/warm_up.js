/** The warm-up: find your school and tap it. Teaches tapping, panning and zooming; nothing of it is sent. */

import { el, icon, picture } from "../dom.js";
import { contains } from "../geojson.js";
import { L, latLng, listen, positionAt } from "../leaflet.js";
import { burst } from "./finish.js";

/** @typedef {import("../modes/browse.js").Mode} Mode */

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
 * @param {import("leaflet").Map} map
 * @param {any} school
 * @param {{onHit: (at: {x: number, y: number}) => void, onMiss: () => void}} options
 * @returns {Mode}
 */
function warmUpMode(map, school, { onHit, onMiss }) {
  let stop = new AbortController();
  return {
    enter() {
      stop = new AbortController();
      map.dragging.enable();
      map.getContainer().classList.add("is-warming-up");
      listen(
        map,
        "click",
        (event) => {
          const position = positionAt(event.latlng);
          const isNear =
            school.location?.type === "Point" &&
            map.latLngToContainerPoint(latLng(school.location.coordinates)).distanceTo(event.containerPoint) < NEAR_PX;
          if (isNear || contains(school.grounds, position)) {
            onHit(event.containerPoint);
          } else {
            onMiss();
          }
        },
        stop.signal,
      );
    },
    exit() {
      stop.abort();
      map.getContainer().classList.remove("is-warming-up");
    },
  };
}

/**
 * What is said and offered meanwhile.
 * @param {import("./journey.js").Surroundings} surroundings
 * @param {() => void} onDone
 * @returns {{draw: () => void, mode: Mode}}
 */
export function warmUp({ frame, work, words, map }, onDone) {
  const t = words.t.bind(words);
  const school = work.session.joined.school;
  const draw = () => {
    frame.say(t("warmup.ask", { school: school.name }));
    frame.showBody(el("p", { class: "dock-tip" }, icon("hand"), t("warmup.move")));
    frame.showNext({ label: t("skip"), isQuiet: true, onclick: onDone });
  };
  const mode = warmUpMode(map, school, {
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
