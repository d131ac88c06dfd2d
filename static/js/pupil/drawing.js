/** A tool in the pupil's hand: put a place, draw a way, draw round an area; what to do with it, a way out, the crosshair. */

import { announce, button, el } from "../dom.js";
import { rounded } from "../geojson.js";
import { areaMode } from "../modes/area.js";
import { drawRouteMode } from "../modes/draw_route.js";
import { placeMode } from "../modes/place.js";
import { burst } from "./finish.js";

/** How long a finished way is looked at before the next question comes. */
const LOOK_MS = 1200;

/** @typedef {import("../modes/browse.js").Mode & {aim: () => void, put: () => void, done?: () => void}} ToolMode */

/**
 * @typedef {object} Bench
 * @property {import("./journey.js").Surroundings} s
 * @property {import("../modes/place.js").Ground} ground
 * @property {(mode: import("../modes/browse.js").Mode) => void} enter
 * @property {(key: string) => void} openMark
 * @property {() => void} cancel
 * @property {() => boolean} isInHand   whether the tool that was taken last is still the one in hand
 */

/**
 * Take the tool of a category.
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key  of the mark that is moved or drawn again; null makes a new one
 * @returns {() => void} shows the tool again, after undo or in another language
 */
export function takeTool(bench, category, key) {
  const take = { place: takePin, route: takePen, area: takeFence }[/** @type {"place" | "route" | "area"} */ (category.kind)];
  return take(bench, category, key);
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key
 */
function takePin(bench, category, key) {
  const { work, words } = bench.s;
  const mode = placeMode(bench.ground, {
    icon: category.icon,
    onRefuse: (why) => refuse(bench, why),
    onPlace: (position) => {
      if (key === null) {
        bench.openMark(work.addPlace(category, position).key);
      } else {
        work.change(key, { geometry: { type: "Point", coordinates: rounded(position) } }, { verb: "move" });
        bench.openMark(key);
      }
    },
  });
  const named = { what: words.label(category) };
  const prompt = () => (key === null ? words.prompt(category) || words.t("place.tap", named) : words.t("place.move", named));
  return hold(bench, mode, category, prompt);
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} redrawn
 */
function takePen(bench, category, redrawn) {
  const { work, words, frame, layer } = bench.s;
  let key = redrawn;
  let hasInk = false;
  const mode = drawRouteMode(bench.ground, {
    colour: category.colour,
    icon: category.icon,
    school: work.session.joined.school,
    maxVertices: work.bundle.limits.max_vertices,
    // A way drawn again begins with nothing; undo takes away stroke by stroke.
    line: () => (hasInk && key !== null ? (work.mark(key)?.drawn ?? []) : []),
    onRefuse: (why) => refuse(bench, why),
    onLine: (line, isWhole) => {
      key = work.drawRoute(category, key, line).key;
      hasInk = true;
      draw();
      if (isWhole) {
        // Home to school in one go: the way is whole, and the next question may come by itself.
        burst(frame.element, frame.freeCentre());
        setTimeout(() => bench.isInHand() && key !== null && work.mark(key) && bench.openMark(key), LOOK_MS);
      }
    },
  });
  const show = hold(bench, mode, category, () => words.prompt(category) || words.label(category));
  const draw = () => {
    hasInk &&= key !== null && work.mark(key) !== undefined;
    show();
    if (hasInk) {
      const onclick = () => bench.openMark(/** @type {string} */ (key));
      frame.say(words.t("route.go_on"));
      frame.showNext({ label: words.t("route.done"), icon: "check", isCalling: true, onclick });
    }
    layer.takeInHand(hasInk ? key : null, work.marks);
    mode.showEnd();
  };
  return draw;
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key
 */
function takeFence(bench, category, key) {
  const { work, words } = bench.s;
  const mode = areaMode(bench.ground, {
    colour: category.colour,
    icon: category.icon,
    onRefuse: (why) => refuse(bench, why),
    onRing: (ring) => {
      if (key === null) {
        bench.openMark(work.addArea(category, ring).key);
      } else {
        work.change(key, { geometry: { type: "Polygon", coordinates: [ring] } }, { verb: "move" });
        bench.openMark(key);
      }
    },
  });
  return hold(bench, mode, category, () => words.prompt(category) || words.t("area.draw"));
}

/**
 * Show the tool in the dock, and enter its mode.
 * @param {Bench} bench
 * @param {ToolMode} mode
 * @param {any} category
 * @param {() => string} prompt
 * @returns {() => void}
 */
function hold(bench, mode, category, prompt) {
  const { frame, words } = bench.s;
  const t = words.t.bind(words);
  const isPlace = category.kind === "place";
  let isAiming = false;
  const aim = () => {
    isAiming = true;
    mode.aim();
    draw();
  };
  const aimed = () => [
    button(t(isPlace ? "aim.put" : "aim.point"), { icon: "map-pin", class: "button--go", onclick: () => mode.put() }),
    mode.done ? button(t("route.done"), { icon: "check", class: "button--go", onclick: () => mode.done?.() }) : null,
  ];
  const draw = () => {
    const cancel = button(t("cancel"), { icon: "x", class: "button--quiet", onclick: bench.cancel });
    const sight = button(t("aim.start"), { icon: "crosshair", class: "button--quiet", onclick: aim });
    frame.say(isAiming ? t(isPlace ? "aim.how" : "aim.how_line") : prompt());
    frame.showBody(el("div", { class: "toolbar", vars: { "--mark": category.colour } }, cancel, ...(isAiming ? aimed() : [sight])));
    frame.showNext(null);
  };
  bench.enter(mode);
  draw();
  announce(`${words.label(category)}. ${prompt()}`);
  return draw;
}

/**
 * @param {Bench} bench
 * @param {import("../modes/place.js").Refusal} why
 */
function refuse(bench, why) {
  bench.s.frame.hint(bench.s.words.t(`refuse.${why}`));
}
