/** A tool in the pupil's hand: put a place, draw a way, draw round an area; by finger, tap, crosshair or from the list; and a way out. */

import { announce, button, el } from "../dom.js";
import { ringOf, rounded } from "../geojson.js";
import { areaMode, LEAST_CORNERS, SMALLEST_M2 } from "../modes/area.js";
import { drawRouteMode } from "../modes/draw_route.js";
import { placeMode } from "../modes/place.js";
import { areaRound } from "../named_area.js";
import { newId } from "../random.js";
import { burst } from "./finish.js";
import { openPlaceList } from "./place_list.js";
import { whereIs } from "./whereabouts.js";

/** How long a finished way is looked at before the next question comes. */
const LOOK_MS = 1200;

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../tablet.js").Draft} Draft */
/** @typedef {import("../modes/browse.js").Mode & {aim: () => void, put: () => void}} ToolMode */

/**
 * @typedef {object} Bench
 * @property {import("./journey.js").Surroundings} s
 * @property {import("../modes/place.js").Ground} ground
 * @property {(mode: import("../modes/browse.js").Mode) => void} enter
 * @property {(key: string) => void} openMark
 * @property {() => void} cancel
 * @property {() => boolean} isInHand   whether the tool that was taken last is still the one in hand
 * @property {() => void} changed       what can be undone may be another thing now
 */
/**
 * @typedef {object} Tool
 * @property {() => void} draw    shows it again, after undo or in another language
 * @property {import("../modes/points.js").Points | undefined} [points]  put, but no mark yet: undo takes these first
 */

/**
 * Take the tool of a category.
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key  of the mark that is moved or drawn again; null makes a new one
 * @param {Draft | null} [draft]  a stroke that a reload cut off, to go on with
 * @returns {Tool}
 */
export function takeTool(bench, category, key, draft = null) {
  const take = { place: takePin, route: takePen, area: takeFence }[/** @type {"place" | "route" | "area"} */ (category.kind)];
  return take(bench, category, key, draft);
}

/**
 * Whether a stroke that a reload cut off can still be gone on with.
 * @param {import("../work.js").Work} work
 * @param {Draft} draft
 * @returns {boolean}
 */
export function canGoOn(work, { response, category: code, key, isNew }) {
  const category = work.categories.get(code);
  // A new mark that is there already got its stroke before the page went away.
  const isOpen = isNew ? !work.mark(key) && category && work.hasRoomFor(category) : Boolean(work.mark(key));
  return response === work.session.response && category !== undefined && isOpen;
}

/**
 * Keeps on the tablet what is no mark yet; a mode calls it while a finger draws, and with null when the stroke is over.
 * @param {Bench} bench
 * @param {() => Omit<Draft, "response" | "stroke"> & {points: Position[]}} draft
 * @returns {(stroke: Position[] | null) => void}
 */
function keeper({ s: { work } }, draft) {
  return (stroke) => {
    if (stroke || draft().points.length > 0) {
      work.drafts.note(() => ({ ...draft(), response: work.session.response, stroke: [...(stroke ?? [])] }));
    } else {
      work.drafts.drop();
    }
  };
}

/**
 * Go on with what a reload cut off.
 * @param {ToolMode & {points: import("../modes/points.js").Points, take: (stroke: Position[]) => void}} mode
 * @param {Draft | null} draft
 * @param {() => void} draw
 */
function goOn(mode, draft, draw) {
  for (const point of draft?.points ?? []) {
    mode.points.put(point);
    draw();
  }
  if (draft && draft.stroke.length > 0) {
    mode.take(draft.stroke);
  }
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key
 * @returns {Tool}
 */
function takePin(bench, category, key) {
  const { work, words } = bench.s;
  const named = { what: words.label(category) };
  const onPlace = (/** @type {Position} */ position) => {
    const where = whereIs(words, work.session.joined.school, position);
    if (key === null) {
      bench.openMark(work.addPlace(category, position).key);
      announce(words.t("place.put", { ...named, where }));
    } else {
      work.change(key, { geometry: { type: "Point", coordinates: rounded(position) } }, { verb: "move" });
      bench.openMark(key);
      announce(words.t("place.moved", { ...named, where }));
    }
  };
  const mode = placeMode(bench.ground, { icon: category.icon, onRefuse: (why) => refuse(bench, why), onPlace });
  const prompt = () => (key === null ? words.prompt(category) || words.t("place.tap", named) : words.t("place.move", named));
  const list = { least: 1, onDone: (/** @type {Position[]} */ [position]) => onPlace(position), onWords: null };
  return { draw: hold(bench, mode, category, prompt, list) };
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} redrawn
 * @param {Draft | null} draft
 * @returns {Tool}
 */
function takePen(bench, category, redrawn, draft) {
  const { work, words, frame, layer } = bench.s;
  // The name of a new way is settled before its first stroke, so that a stroke kept for a reload never becomes a second way.
  const key = draft?.key ?? redrawn ?? newId();
  const before = work.mark(key);
  // A way drawn again begins with nothing; undo takes away stroke by stroke, redo brings them back.
  const hasInk = () => {
    const now = work.mark(key);
    return now !== undefined && (now.drawn !== before?.drawn || now.geometry !== before?.geometry);
  };
  const drawn = () => (hasInk() ? (work.mark(key)?.drawn ?? []) : (draft?.line ?? []));
  const open = () => bench.openMark(key);
  const steps = () => work.history.steps.filter((step) => step.key === key).length;
  const stepsBefore = steps();
  const mode = drawRouteMode(bench.ground, {
    colour: category.colour,
    icon: category.icon,
    school: category.to_school ? work.session.joined.school : null,
    maxVertices: work.bundle.limits.max_vertices,
    line: drawn,
    onProgress: (stroke) => keep(stroke),
    onRefuse: (why) => refuse(bench, why),
    onPoint: (position) => {
      // The first point is none of the history's, every later one is a step.
      tellPoint(bench, 1 + (hasInk() ? steps() - stepsBefore : 0), position);
      if (!hasInk()) {
        // A way begun anew: the one that was undone does not come back over it.
        work.forgetAhead();
        draw();
      }
    },
    onLine: (line, isWhole) => {
      work.drawRoute(category, key, line, { goesOn: hasInk() });
      draw();
      if (isWhole) {
        // Home to school in one go: the way is whole, and the next question may come by itself.
        burst(frame.element, frame.freeCentre());
        setTimeout(() => bench.isInHand() && work.mark(key) && open(), LOOK_MS);
      }
    },
  });
  const keep = keeper(bench, () => ({
    category: category.code,
    key,
    isNew: work.mark(key) === undefined,
    line: drawn(),
    points: hasInk() ? [] : mode.points.list,
  }));
  const list = {
    least: 2,
    onDone: (/** @type {Position[]} */ places) => {
      mode.lay(places);
      if (hasInk()) {
        open();
      }
    },
    onWords: redrawn === null && before === undefined ? () => bench.openMark(work.addWords(category).key) : null,
  };
  const show = hold(bench, mode, category, () => words.prompt(category) || words.label(category), list);
  const draw = () => {
    show();
    if (hasInk()) {
      frame.say(words.t("route.go_on"));
      frame.showNext({ label: words.t("route.done"), icon: "check", isCalling: true, onclick: open });
    } else if (mode.points.canUndo) {
      frame.say(words.t("route.next_point"));
    }
    layer.takeInHand(hasInk() ? key : null, work.marks);
    mode.showPoints();
    keep(null);
    bench.changed();
  };
  goOn(mode, draft, draw);
  return {
    draw,
    get points() {
      // Once there is a line, every point of it is a step of the history.
      return hasInk() ? undefined : mode.points;
    },
  };
}

/**
 * @param {Bench} bench
 * @param {any} category
 * @param {string | null} key
 * @param {Draft | null} draft
 * @returns {Tool}
 */
function takeFence(bench, category, key, draft) {
  const { work, words, frame } = bench.s;
  const name = key ?? newId();
  const onRing = (/** @type {Position[]} */ ring) => {
    if (key === null) {
      bench.openMark(work.addArea(category, ring).key);
    } else {
      work.change(key, { geometry: { type: "Polygon", coordinates: [ring] } }, { verb: "shape" });
      bench.openMark(key);
    }
  };
  const mode = areaMode(bench.ground, {
    colour: category.colour,
    icon: category.icon,
    onRefuse: (why) => refuse(bench, why),
    onProgress: (stroke) => keep(stroke),
    onCorners: (corners) => {
      work.forgetAhead();
      tellPoint(bench, corners.length, corners[corners.length - 1]);
      draw();
    },
    onRing,
  });
  const keep = keeper(bench, () => ({ category: category.code, key: name, isNew: key === null, line: [], points: mode.points.list }));
  const onList = (/** @type {Position[]} */ places) => {
    const ring = ringOf(areaRound(places, work.bundle.study_area) ?? [], SMALLEST_M2);
    if (ring) {
      onRing(ring);
    } else {
      refuse(bench, "outside");
    }
  };
  const prompt = () => words.prompt(category) || words.t("area.draw");
  const show = hold(bench, mode, category, prompt, { least: 1, onDone: onList, onWords: null });
  const draw = () => {
    show();
    const left = LEAST_CORNERS - mode.points.list.length;
    if (mode.points.canUndo) {
      frame.say(words.t(left > 0 ? "area.next_corner" : "area.go_on"));
    }
    if (left <= 0) {
      frame.showNext({ label: words.t("route.done"), icon: "check", isCalling: true, onclick: () => mode.done() });
    }
    mode.showPoints();
    keep(null);
    bench.changed();
  };
  goOn(mode, draft, draw);
  return { draw, points: mode.points };
}

/**
 * @param {Bench} bench
 * @param {number} n
 * @param {Position} position
 */
function tellPoint({ s: { work, words } }, n, position) {
  announce(words.t("point.put", { n, where: whereIs(words, work.session.joined.school, position) }));
}

/**
 * Show the tool in the dock, and enter its mode.
 * @param {Bench} bench
 * @param {ToolMode} mode
 * @param {any} category
 * @param {() => string} prompt
 * @param {Pick<import("./place_list.js").ListOptions, "least" | "onDone" | "onWords">} list
 * @returns {() => void}
 */
function hold(bench, mode, category, prompt, list) {
  const { frame, words, work } = bench.s;
  const t = words.t.bind(words);
  const isPlace = category.kind === "place";
  let isAiming = false;
  /** @type {(() => void) | null} */
  let listed = null;
  const aim = () => {
    isAiming = true;
    mode.aim();
    draw();
  };
  const closeList = () => {
    listed = null;
    frame.closeSheet();
  };
  const openList = () => {
    listed = openPlaceList({
      frame,
      words,
      places: work.bundle.places,
      school: work.session.joined.school,
      category,
      ...list,
      onDone: (positions) => {
        closeList();
        list.onDone(positions);
      },
      onWords: list.onWords && (() => [closeList(), list.onWords?.()]),
      onCancel: closeList,
    });
  };
  const draw = () => {
    const cancel = button(t("cancel"), { icon: "x", class: "button--quiet", onclick: bench.cancel });
    const sight = button(t("aim.start"), { icon: "crosshair", class: "button--quiet", onclick: aim });
    const put = button(t(isPlace ? "aim.put" : "aim.point"), { icon: "map-pin", class: "button--go", onclick: () => mode.put() });
    const choose = button(t("list.open"), { icon: "list", class: "button--quiet", onclick: openList });
    frame.say(isAiming ? t(isPlace ? "aim.how" : "aim.how_line") : prompt());
    frame.showBody(el("div", { class: "toolbar", vars: { "--mark": category.colour } }, cancel, isAiming ? put : sight, choose));
    frame.showNext(null);
    listed?.();
  };
  bench.enter(withKeys(mode, bench.ground.map.getContainer(), () => !isAiming && aim()));
  draw();
  announce(`${words.label(category)}. ${prompt()}`);
  return draw;
}

/**
 * A mode in which the arrow keys bring the crosshair.
 * @param {ToolMode} mode
 * @param {HTMLElement} container
 * @param {() => void} aim
 * @returns {import("../modes/browse.js").Mode}
 */
function withKeys(mode, container, aim) {
  let keys = new AbortController();
  return {
    enter() {
      keys = new AbortController();
      container.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && aim(), { signal: keys.signal });
      mode.enter();
    },
    exit() {
      keys.abort();
      mode.exit();
    },
  };
}

/**
 * @param {Bench} bench
 * @param {import("../modes/place.js").Refusal} why
 */
export function refuse(bench, why) {
  bench.s.frame.hint(bench.s.words.t(`refuse.${why}`));
}
