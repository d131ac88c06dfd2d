/** Changing the shape of a finished way or area: what the dock offers meanwhile, and what becomes of the mark. */

import { announce, button, el } from "../dom.js";
import { positionsOf, ringOf } from "../geojson.js";
import { SMALLEST_M2 } from "../modes/area.js";
import { refusalAt } from "../modes/place.js";
import { reshapeMode } from "../modes/reshape.js";
import { isRoute } from "../routes.js";
import { refuse } from "./drawing.js";
import { whereIs } from "./whereabouts.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../state.js").Mark} Mark */

/**
 * Whether the shape of a mark can be changed. A way of which this tablet knows only the part that was sent (after a reload) is drawn
 * again instead: its home end is not here, so nothing could keep a point from being moved to it.
 * @param {Mark} mark
 * @returns {boolean}
 */
export function canReshape(mark) {
  return mark.kind === "area" ? mark.geometry !== null : mark.kind === "route" && mark.drawn !== null;
}

/**
 * @param {import("./drawing.js").Bench} bench
 * @param {any} category
 * @param {string} key
 * @returns {import("./drawing.js").Tool}
 */
export function takeHandles(bench, category, key) {
  const { work, words, frame, layer } = bench.s;
  const t = words.t.bind(words);
  const isRing = category.kind === "area";
  const school = work.session.joined.school;

  const lineNow = () => {
    const mark = work.mark(key);
    const line = mark?.drawn ?? positionsOf(mark?.geometry ?? null);
    return isRing ? line.slice(0, -1) : line;
  };
  const onShape = (/** @type {Position[]} */ line, /** @type {number | null} */ moved) => {
    // Pressing an arrow many times is one step back.
    const options = { verb: /** @type {const} */ ("shape"), merge: moved === null ? null : `shape:${moved}` };
    const why = isRing ? reshapeArea(line, options) : reshapeRoute(line, options);
    if (why) {
      refuse(bench, why);
    }
    return why === null;
  };
  const reshapeRoute = (/** @type {Position[]} */ line, /** @type {object} */ options) => {
    if (!isRoute(line)) {
      return "short";
    }
    work.drawRoute(category, key, line, options);
    return null;
  };
  const reshapeArea = (/** @type {Position[]} */ line, /** @type {object} */ options) => {
    const ring = ringOf(line, SMALLEST_M2);
    if (ring === null) {
      return "short";
    }
    const why = ring.map((position) => refusalAt(bench.ground, position)).find((one) => one !== null);
    if (why) {
      return why;
    }
    work.change(key, { geometry: { type: "Polygon", coordinates: [ring] } }, options);
    if (ring.length !== line.length + 1) {
      // It crossed itself, and the smaller loop is gone, with its handles.
      queueMicrotask(mode.sync);
    }
    return null;
  };

  const mode = reshapeMode(bench.ground, {
    colour: category.colour,
    isRing,
    line: lineNow,
    label: (n, of) => t("shape.point", { n, of }),
    onShape: (line, moved) => {
      const isSo = onShape(line, moved);
      layer.takeInHand(key, work.marks);
      if (isSo && moved !== null) {
        announce(t("shape.moved"));
      }
      return isSo;
    },
    onChosen: (n, of, position) => announce(t("shape.chosen", { n, of, where: whereIs(words, school, position) })),
    onRefuse: (why) => refuse(bench, why),
  });

  const draw = () => {
    const buttons = [
      button(t("shape.before"), { icon: "chevron-left", class: "button--quiet", onclick: () => mode.choose(-1) }),
      button(t("shape.next"), { icon: "chevron-right", class: "button--quiet", onclick: () => mode.choose(1) }),
      button(t("shape.insert"), { icon: "plus", class: "button--quiet", onclick: mode.insert }),
      button(t("shape.remove"), { icon: "trash-2", class: "button--quiet", onclick: mode.remove }),
    ];
    frame.say(t("shape.how"));
    frame.showBody(el("div", { class: "toolbar toolbar--shape", vars: { "--mark": category.colour } }, ...buttons));
    frame.showNext({ label: t("route.done"), icon: "check", onclick: () => bench.openMark(key) });
  };
  bench.enter(mode);
  layer.takeInHand(key, work.marks);
  draw();
  return {
    draw: () => {
      draw();
      layer.takeInHand(key, work.marks);
      mode.sync();
    },
  };
}
