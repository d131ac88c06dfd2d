/** A tool in the pupil's hand: put a place, draw a way, draw round an area; what to do with it, a way out, the crosshair. */

import { announce, button, el } from "../dom.js";
import { rounded } from "../geojson.js";
import { areaMode } from "../modes/area.js";
import { drawRouteMode } from "../modes/draw_route.js";
import { placeMode } from "../modes/place.js";
import { newId } from "../random.js";
import { burst } from "./finish.js";

/** How long a finished way is looked at before the next question comes. */
const LOOK_MS = 1200;

/** @typedef {import("../tablet.js").Draft} Draft */
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
 * @param {Draft | null} [draft]  a stroke that a reload cut off, to go on with
 * @returns {() => void} shows the tool again, after undo or in another language
 */
export function takeTool(bench, category, key, draft = null) {
  const take = { place: takePin, route: takePen, area: takeFence }[/** @type {"place" | "route" | "area"} */ (category.kind)];
  return take(bench, category, key, draft);
}

/**
 * What a mode calls while a finger draws.
 * @param {Bench} bench
 * @param {() => Omit<Draft, "response" | "stroke">} draft
 * @returns {(stroke: import("geojson").Position[] | null) => void}
 */
function keeper({ s: { work } }, draft) {
  return (stroke) => {
    if (stroke) {
      work.drafts.note(() => ({ ...draft(), response: work.session.response, stroke: [...stroke] }));
    } else {
      work.drafts.drop();
    }
  };
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
 * @param {Draft | null} draft
 */
function takePen(bench, category, redrawn, draft) {
  const { work, words, frame, layer } = bench.s;
  // The name of a new way is settled before its first stroke, so that a stroke kept for a reload never becomes a second way.
  const key = draft?.key ?? redrawn ?? newId();
  let hasInk = false;
  const drawn = () => (hasInk ? (work.mark(key)?.drawn ?? []) : (draft?.line ?? []));
  const mode = drawRouteMode(bench.ground, {
    colour: category.colour,
    icon: category.icon,
    school: work.session.joined.school,
    maxVertices: work.bundle.limits.max_vertices,
    // A way drawn again begins with nothing; undo takes away stroke by stroke.
    line: drawn,
    onProgress: keeper(bench, () => ({ category: category.code, key, isNew: work.mark(key) === undefined, line: drawn() })),
    onRefuse: (why) => refuse(bench, why),
    onLine: (line, isWhole) => {
      work.drawRoute(category, key, line);
      hasInk = true;
      draw();
      if (isWhole) {
        // Home to school in one go: the way is whole, and the next question may come by itself.
        burst(frame.element, frame.freeCentre());
        setTimeout(() => bench.isInHand() && work.mark(key) && bench.openMark(key), LOOK_MS);
      }
    },
  });
  const show = hold(bench, mode, category, () => words.prompt(category) || words.label(category));
  const draw = () => {
    hasInk &&= work.mark(key) !== undefined;
    show();
    if (hasInk) {
      const onclick = () => bench.openMark(key);
      frame.say(words.t("route.go_on"));
      frame.showNext({ label: words.t("route.done"), icon: "check", isCalling: true, onclick });
    }
    layer.takeInHand(hasInk ? key : null, work.marks);
    mode.showEnd();
  };
  if (draft) {
    mode.take(draft.stroke);
  }
  return draw;
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key
 * @param {Draft | null} draft
 */
function takeFence(bench, category, key, draft) {
  const { work, words } = bench.s;
  const name = key ?? newId();
  const mode = areaMode(bench.ground, {
    colour: category.colour,
    icon: category.icon,
    onRefuse: (why) => refuse(bench, why),
    onProgress: keeper(bench, () => ({ category: category.code, key: name, isNew: key === null, line: [] })),
    onRing: (ring) => {
      if (key === null) {
        bench.openMark(work.addArea(category, ring).key);
      } else {
        work.change(key, { geometry: { type: "Polygon", coordinates: [ring] } }, { verb: "move" });
        bench.openMark(key);
      }
    },
  });
  const draw = hold(bench, mode, category, () => words.prompt(category) || words.t("area.draw"));
  if (draft) {
    mode.take(draft.stroke);
  }
  return draw;
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
