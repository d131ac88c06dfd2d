/** What lies before a pupil who has joined: the map, the frame round it, the tools, and the way through the survey. */

import { MarkLayer } from "../layers.js";
import { bringTo, createMap, veilOutside } from "../leaflet.js";
import { Frame } from "./frame.js";
import { helperWords } from "./helper.js";
import { Journey } from "./journey.js";
import { undoByKeys } from "./keys.js";
import { openMenu } from "./menu.js";
import { addTools } from "./tools.js";
import { schoolMarker } from "./warm_up.js";

/** @typedef {import("../tablet.js").Session} Session */
/** @typedef {import("../work.js").Work} Work */

/**
 * @param {object} given
 * @param {HTMLElement} given.root
 * @param {import("../words.js").Words} given.words
 * @param {any} given.bundle
 * @param {Session} given.session
 * @param {Work} given.work
 * @param {import("../tablet.js").Draft | null} given.draft  the stroke that a reload cut off
 * @param {(frame: Frame) => void} given.showSaving  tell where the work is
 * @param {(more: Partial<Session>) => void} given.remember
 * @param {() => void} given.onNextPupil
 */
export function layTable({ root, words, bundle, session, work, draft, showSaving, remember, onNextPupil }) {
  const school = session.joined.school;
  const frame = new Frame(root, words, session.joined.seat, {
    whom: () => helperWords(words, session).whom,
    onUndo: () => journey.undo(),
    onRedo: () => journey.redo(),
    onStep: (index) => journey.goTo(index),
    onMenu: () => openMenu({ frame, words, work, onMark: (key) => journey.openMark(key), onNextPupil }),
  });
  const start = school.location ? { position: school.location.coordinates, zoom: bundle.start.zoom } : bundle.start;
  const map = createMap(frame.map, start);
  veilOutside(map, bundle.study_area);
  schoolMarker(map, school);
  const layer = new MarkLayer(map, { look: (mark) => lookOf(mark, work, words), onTap: (key) => journey.openMark(key) });
  const journey = new Journey({ map, frame, layer, work, words, onNextPupil, onWarm: () => remember({ warmedUp: true }) });
  undoByKeys({ undo: () => journey.undo(), redo: () => journey.redo() }, new AbortController().signal);
  const tools = addTools({ map, frame, words, bundle, start, session, onView: (view) => remember({ view }) });
  work.addEventListener("save", () => showSaving(frame));
  work.listen(new AbortController().signal);
  words.addEventListener("change", () => {
    remember({ language: words.language });
    tools.draw();
    journey.redraw();
    showSaving(frame);
  });
  remember({ language: words.language });
  frame.drawFixed();
  tools.draw();
  showSaving(frame);
  journey.start(draft);
  if (work.finishing === "no") {
    bringTo(map, start.position, frame.freeCentre(), start.zoom, false);
  }
}

/**
 * @param {import("../state.js").Mark} mark
 * @param {Work} work
 * @param {import("../words.js").Words} words
 */
function lookOf(mark, work, words) {
  const category = work.categories.get(mark.category);
  return { icon: mark.mode ?? category.icon, colour: category.colour, label: words.label(category) };
}
