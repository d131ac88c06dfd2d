/** The buttons beside the map: map or photo, back to school, closer, further away. */

import { button, fill, iconButton } from "../dom.js";
import { bringTo } from "../leaflet.js";
import { Background } from "./background.js";

/**
 * @param {object} given
 * @param {import("leaflet").Map} given.map
 * @param {import("./frame.js").Frame} given.frame
 * @param {import("../words.js").Words} given.words
 * @param {any} given.bundle
 * @param {{position: import("geojson").Position, zoom: number}} given.start
 * @param {import("../tablet.js").Session} given.session
 * @param {(view: import("./background.js").View) => void} given.onView  the pupil has chosen map or photo
 * @returns {{draw: () => void}}
 */
export function addTools({ map, frame, words, bundle, start, session, onView }) {
  const t = words.t.bind(words);
  const background = new Background(map, {
    basemaps: bundle.basemaps,
    gradeBand: session.joined.grade_band,
    chosen: session.view ?? null,
    onPhoto: (isMissing, hasMap) => {
      frame.hint(t(!isMissing ? "photo.back" : hasMap ? "photo.gone" : "photo.gone_alone"));
      draw();
    },
  });

  const turn = () => {
    onView(background.turn());
    draw();
    frame.tools.querySelector("button")?.focus({ preventScroll: true });
  };
  const turner = () => {
    const isPhoto = background.seen === "photo";
    return button(t(isPhoto ? "map.drawn" : "map.photo"), { icon: isPhoto ? "map" : "image", class: "turn-map", onclick: turn });
  };

  const draw = () => {
    fill(
      frame.tools,
      background.hasBoth ? turner() : null,
      iconButton(t("map.school"), "school", { onclick: () => bringTo(map, start.position, frame.freeCentre(), start.zoom) }),
      iconButton(t("map.closer"), "plus", { onclick: () => map.zoomIn(1) }),
      iconButton(t("map.further"), "minus", { onclick: () => map.zoomOut(1) }),
    );
  };
  return { draw };
}
