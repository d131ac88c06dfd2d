/** The pupil's way through the survey: a step for each theme, questions one at a time, marks and their sheets, the end. */

import { announce, button, el, icon } from "../dom.js";
import { bboxOf, positionsOf } from "../geojson.js";
import { bringTo, L, latLng } from "../leaflet.js";
import { areaMode } from "../modes/area.js";
import { browseMode, modeSwitch } from "../modes/browse.js";
import { drawRouteMode } from "../modes/draw_route.js";
import { placeMode } from "../modes/place.js";
import { countOf } from "../state.js";
import { burst, confetti, receiptNodes, summary } from "./finish.js";
import { showMarkSheet } from "./mark_sheet.js";
import { palette } from "./palette.js";
import { askQuestions } from "./question_sheet.js";
import { warmUpMode } from "./warm_up.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../state.js").Mark} Mark */

/** How long the last marks may take before the receipt is asked for without them. */
const LAST_SAVE_MS = 15_000;

/**
 * @typedef {object} Surroundings
 * @property {import("leaflet").Map} map
 * @property {import("./frame.js").Frame} frame
 * @property {import("../layers.js").MarkLayer} layer
 * @property {import("../work.js").Work} work
 * @property {import("../words.js").Words} words
 * @property {() => Promise<{receipt: string}>} finish   asks the server for the receipt
 * @property {() => Promise<boolean>} settled            waits until all is safe
 * @property {() => void} onNextPupil
 * @property {() => void} onWarm                         the warm-up is done
 */

export class Journey {
  #modes = modeSwitch();
  #at = -1;
  #page = 0;
  /** @type {string | null} */
  #open = null;
  /** @type {(() => void) | null} */
  #redraw = null;
  /** @type {{refresh: () => void} | null} */
  #drawing = null;

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.s = surroundings;
    this.bundle = surroundings.work.bundle;
    this.themes = this.bundle.themes.filter((/** @type {any} */ theme) => this.#categoriesOf(theme).length > 0);
    this.t = surroundings.words.t.bind(surroundings.words);
    this.ground = {
      map: surroundings.map,
      studyArea: this.bundle.study_area,
      minZoom: this.bundle.min_zoom,
      freeCentre: () => surroundings.frame.freeCentre(),
      t: this.t,
    };
    surroundings.work.addEventListener("change", () => this.#onChange());
    surroundings.work.addEventListener("trouble", () => this.#onTrouble());
    surroundings.work.addEventListener("save", () => this.s.layer.trouble(surroundings.work.troubles.keys()));
  }

  /** Begin with the warm-up, or go on where a reload cut in. */
  start() {
    this.#onChange();
    this.#onTrouble();
    if (this.s.work.session.warmedUp) {
      this.goTo(0);
    } else {
      this.#warmUp();
    }
  }

  /** Everything again in another language. */
  redraw() {
    this.s.frame.drawFixed();
    this.s.layer.show(this.s.work.marks);
    this.#showSteps();
    this.#redraw?.();
  }

  /**
   * @param {number} index  of a theme; one past the last is the end
   */
  goTo(index) {
    this.#leaveSheet();
    this.#at = index;
    this.#page = 0;
    if (index >= this.themes.length) {
      this.#theEnd();
    } else {
      this.#theme();
    }
    this.#showSteps();
  }

  /** Step back once, whatever it was. */
  undo() {
    const undone = this.s.work.undo();
    if (!undone) {
      return;
    }
    const mark = this.s.work.mark(undone.key) ?? undone.marks.find((one) => one.key === undone.key);
    const label = mark ? this.s.words.label(this.s.work.categories.get(mark.category)) : "";
    this.s.frame.hint(this.t(`undone.${undone.verb}`, { what: label }));
    if (this.#open !== null) {
      if (this.s.work.mark(this.#open)) {
        this.#redraw?.();
      } else {
        this.#afterSheet();
      }
    }
    this.#drawing?.refresh();
  }

  /**
   * Open a mark's sheet.
   * @param {string} key
   */
  openMark(key) {
    const mark = this.s.work.mark(key);
    if (!mark) {
      return;
    }
    this.#putDown();
    this.#modes.to(browseMode(this.s.map));
    this.#open = key;
    this.s.layer.select(key);
    const draw = () => this.#markSheet(key);
    this.#redraw = draw;
    draw();
    const line = mark.drawn ?? positionsOf(mark.geometry);
    const middle = line[Math.floor(line.length / 2)];
    // The map stays where it is unless the sheet hides what it is about.
    if (middle && !this.s.frame.isFree(this.s.map.latLngToContainerPoint(latLng(middle)))) {
      bringTo(this.s.map, middle, this.s.frame.freeCentre());
    }
  }

  /** @param {string} key */
  #markSheet(key) {
    const { work, words, frame } = this.s;
    const mark = work.mark(key);
    if (!mark) {
      return;
    }
    const category = work.categories.get(mark.category);
    showMarkSheet({
      mark,
      category,
      bundle: this.bundle,
      words,
      trouble: work.troubles.get(key),
      current: () => work.mark(key),
      onChange: (patch, merge) => work.change(key, patch, { merge: merge ? `${merge}:${key}` : null }),
      onMove: () => this.#moveMark(key, category),
      onDelete: () => {
        work.remove(key);
        frame.hint(this.t("mark.deleted", { what: words.label(category) }));
        this.#afterSheet();
      },
      onDone: () => this.#afterSheet(),
      show: (nodes) => frame.openSheet(words.label(category), ...nodes),
    });
  }

  /** Put down the way that was under the finger: it is shown as it is sent. */
  #putDown() {
    this.#drawing = null;
    this.s.layer.takeInHand(null, this.s.work.marks);
  }

  #leaveSheet() {
    if (this.#open !== null || !this.s.frame.sheet.hidden) {
      this.s.work.flush();
      this.#open = null;
      this.s.layer.select(null);
      this.s.frame.closeSheet();
    }
    this.#putDown();
    this.#modes.to(browseMode(this.s.map));
  }

  #afterSheet() {
    this.#leaveSheet();
    if (this.#at < 0) {
      this.goTo(0);
    } else if (this.#at < this.themes.length) {
      this.#theme();
    } else {
      this.#theEnd();
    }
  }

  #warmUp() {
    const { frame, work, map } = this.s;
    const school = work.session.joined.school;
    const done = () => {
      this.s.onWarm();
      this.goTo(0);
    };
    const draw = () => {
      frame.say(this.t("warmup.ask", { school: school.name }));
      frame.showBody(el("p", { class: "dock-tip" }, icon("hand"), this.t("warmup.move")));
      frame.showNext({ label: this.t("skip"), isQuiet: true, onclick: done });
    };
    this.#redraw = draw;
    draw();
    this.#showSteps();
    const mode = warmUpMode(map, school, {
      onHit: (at) => {
        burst(frame.element, at);
        navigator.vibrate?.([15, 40, 15]);
        frame.say(this.t("warmup.well_done"));
        frame.showNext({ label: this.t("next"), isCalling: true, onclick: done });
      },
      onMiss: () => frame.say(this.t("warmup.nearly", { school: school.name })),
    });
    this.#modes.to(mode);
  }

  #theme() {
    const theme = this.themes[this.#at];
    const { frame, words, work } = this.s;
    this.#putDown();
    this.#modes.to(browseMode(this.s.map));
    const draw = () => {
      frame.say(words.prompt(theme) || words.label(theme));
      frame.showBody(
        palette({
          categories: this.#categoriesOf(theme),
          words,
          count: (category) => countOf(work.history, category.code),
          hasRoom: (category) => work.hasRoomFor(category),
          onPick: (category) => this.#pick(category),
          page: this.#page,
          onPage: (page) => {
            this.#page = page;
            draw();
          },
        }),
      );
      frame.showNext({ label: this.t("next"), onclick: () => this.#leaveTheme(theme) });
    };
    this.#redraw = draw;
    draw();
  }

  /** @param {any} theme */
  #leaveTheme(theme) {
    const questions = this.bundle.questions.filter(
      (/** @type {any} */ one) => one.theme === theme.code && this.s.work.answers[one.code] === undefined,
    );
    this.#ask(questions, () => this.goTo(this.#at + 1));
  }

  /**
   * @param {any[]} questions
   * @param {() => void} onDone
   */
  #ask(questions, onDone) {
    const { frame, words, work } = this.s;
    if (questions.length === 0) {
      onDone();
      return;
    }
    const close = () => {
      work.flush();
      frame.closeSheet();
      onDone();
    };
    this.#redraw = askQuestions({ questions, words, work, show: (label, nodes) => frame.openSheet(label, ...nodes), onDone: close });
  }

  /** @param {any} category */
  #pick(category) {
    if (!this.s.work.hasRoomFor(category)) {
      this.s.frame.hint(this.t("palette.full", { what: this.s.words.label(category) }));
      return;
    }
    if (category.kind === "place") {
      this.#placing(category, null);
    } else if (category.kind === "route") {
      this.#drawingRoute(category, null);
    } else {
      this.#drawingArea(category, null);
    }
  }

  /**
   * @param {string} key
   * @param {any} category
   */
  #moveMark(key, category) {
    this.#leaveSheet();
    this.s.layer.select(key);
    if (category.kind === "place") {
      this.#placing(category, key);
    } else if (category.kind === "route") {
      this.#drawingRoute(category, key);
    } else {
      this.#drawingArea(category, key);
    }
  }

  /**
   * @param {any} category
   * @param {string | null} key  of the place that moves; null puts a new one
   */
  #placing(category, key) {
    const { work, words } = this.s;
    const mode = placeMode(this.ground, {
      icon: category.icon,
      onRefuse: (why) => this.#refuse(why),
      onPlace: (position) => {
        if (key === null) {
          this.openMark(work.addPlace(category, position).key);
        } else {
          work.change(
            key,
            { geometry: { type: "Point", coordinates: position.map((degrees) => Number(degrees.toFixed(6))) } },
            { verb: "move" },
          );
          this.openMark(key);
        }
      },
    });
    const what = words.prompt(category) || this.t(key === null ? "place.tap" : "place.move", { what: words.label(category) });
    this.#tool(mode, category, key === null ? what : this.t("place.move", { what: words.label(category) }));
  }

  /**
   * @param {any} category
   * @param {string | null} redrawn  key of the route that is drawn again
   */
  #drawingRoute(category, redrawn) {
    const { work, words, frame } = this.s;
    let key = redrawn;
    let hasInk = false;
    const mode = drawRouteMode(this.ground, {
      colour: category.colour,
      icon: category.icon,
      school: work.session.joined.school,
      maxVertices: this.bundle.limits.max_vertices,
      // A route drawn again begins with nothing; undo takes away stroke by stroke.
      line: () => (hasInk && key !== null ? (work.mark(key)?.drawn ?? []) : []),
      onRefuse: (why) => this.#refuse(why),
      onLine: (line, isWhole) => {
        key = work.drawRoute(category, key, line).key;
        hasInk = true;
        drawing.refresh();
        if (isWhole) {
          // Home to school in one go: the way is whole, and the next question may come by itself.
          burst(frame.element, frame.freeCentre());
          setTimeout(() => this.#drawing === drawing && key !== null && this.openMark(key), 1200);
        }
      },
    });
    this.#tool(mode, category, words.prompt(category) || words.label(category));
    const draw = this.#redraw;
    const drawing = {
      refresh: () => {
        hasInk &&= key !== null && work.mark(key) !== undefined;
        draw?.();
        if (hasInk) {
          frame.say(this.t("route.go_on"));
          frame.showNext({
            label: this.t("route.done"),
            icon: "check",
            isCalling: true,
            onclick: () => this.openMark(/** @type {string} */ (key)),
          });
        }
        this.s.layer.takeInHand(hasInk ? key : null, work.marks);
        mode.showEnd();
      },
    };
    this.#redraw = drawing.refresh;
    this.#drawing = drawing;
  }

  /**
   * @param {any} category
   * @param {string | null} key
   */
  #drawingArea(category, key) {
    const { work, words } = this.s;
    const mode = areaMode(this.ground, {
      colour: category.colour,
      icon: category.icon,
      onRefuse: (why) => this.#refuse(why),
      onRing: (ring) => {
        if (key === null) {
          this.openMark(work.addArea(category, ring).key);
        } else {
          work.change(key, { geometry: { type: "Polygon", coordinates: [ring] } }, { verb: "move" });
          this.openMark(key);
        }
      },
    });
    this.#tool(mode, category, words.prompt(category) || this.t("area.draw"));
  }

  /**
   * A tool in hand: what to do with it, a way out, and the crosshair for whoever wants it.
   * @param {import("../modes/browse.js").Mode & {aim: () => void, put: () => void, done?: () => void}} mode
   * @param {any} category
   * @param {string} prompt
   */
  #tool(mode, category, prompt) {
    const { frame, words } = this.s;
    let isAiming = false;
    const draw = () => {
      const aim = () => {
        isAiming = true;
        mode.aim();
        draw();
      };
      frame.say(isAiming ? this.t(category.kind === "place" ? "aim.how" : "aim.how_line") : prompt);
      frame.showBody(
        el(
          "div",
          { class: "toolbar", vars: { "--mark": category.colour } },
          button(this.t("cancel"), { icon: "x", class: "button--quiet", onclick: () => this.#afterSheet() }),
          isAiming ? null : button(this.t("aim.start"), { icon: "crosshair", class: "button--quiet", onclick: aim }),
          isAiming
            ? button(this.t(category.kind === "place" ? "aim.put" : "aim.point"), {
                icon: "map-pin",
                class: "button--go",
                onclick: () => mode.put(),
              })
            : null,
          isAiming && mode.done ? button(this.t("route.done"), { icon: "check", class: "button--go", onclick: () => mode.done?.() }) : null,
        ),
      );
      frame.showNext(null);
    };
    this.#redraw = draw;
    this.#modes.to(mode);
    draw();
    announce(`${words.label(category)}. ${prompt}`);
  }

  /** @param {import("../modes/place.js").Refusal} why */
  #refuse(why) {
    this.s.frame.hint(this.t(`refuse.${why}`));
  }

  #theEnd() {
    const questions = this.bundle.questions.filter(
      (/** @type {any} */ one) => !one.theme && !one.category && this.s.work.answers[one.code] === undefined,
    );
    this.#ask(questions, () => this.#look());
  }

  /** One's own map before it is handed in. */
  #look() {
    const { frame, work, words, map } = this.s;
    this.#modes.to(browseMode(map));
    const box = bboxOf(work.marks.flatMap((mark) => mark.drawn ?? positionsOf(mark.geometry)));
    if (box) {
      const bounds = L.latLngBounds(latLng([box[0], box[1]]), latLng([box[2], box[3]]));
      map.fitBounds(bounds, { paddingTopLeft: [60, 130], paddingBottomRight: [60, frame.dock.offsetHeight + 60], maxZoom: 17 });
    }
    const draw = () => {
      frame.say(this.t("finish.look"));
      frame.showBody(summary(work.marks, work.categories, words));
      frame.showNext({ label: this.t("finish.send"), icon: "send", isCalling: true, onclick: () => this.#handIn() });
    };
    this.#redraw = draw;
    draw();
  }

  async #handIn() {
    const { frame, work, words } = this.s;
    work.flush();
    frame.say(this.t("finish.sending"));
    frame.showNext(null);
    await this.s.settled().catch(() => false);
    try {
      const { receipt } = await this.s.finish();
      const draw = () => {
        const sum = summary(work.marks, work.categories, words);
        const onMore = () => this.goTo(0);
        frame.openSheet(
          this.t("finish.thanks"),
          ...receiptNodes({ words, seat: frame.seat, receipt, sum, onMore, onNext: this.s.onNextPupil }),
        );
      };
      this.#redraw = draw;
      draw();
      confetti(frame.element);
    } catch (error) {
      const isOffline = /** @type {{status?: number}} */ (error).status === 0;
      frame.say(this.t(isOffline ? "finish.offline" : "finish.failed"));
      frame.showNext({ label: this.t("try.again"), icon: "rotate-ccw", onclick: () => this.#handIn() });
      if (isOffline) {
        window.addEventListener("online", () => this.#handIn(), { once: true });
      }
    }
  }

  #onChange() {
    const { frame, layer, work } = this.s;
    layer.show(work.marks);
    frame.showUndo(work.canUndo);
    this.#showSteps();
  }

  #onTrouble() {
    const troubles = this.s.work.troubles;
    this.s.layer.trouble(troubles.keys());
    if (troubles.size > 0 && this.#open === null) {
      this.s.frame.hint(this.t("trouble.some"));
    }
  }

  #showSteps() {
    const { words, work, frame } = this.s;
    const used = new Set(work.marks.map((mark) => work.categories.get(mark.category)?.theme));
    const steps = this.themes.map((/** @type {any} */ theme) => ({
      code: theme.code,
      picture: `themes-${theme.icon}`,
      label: words.label(theme),
      done: used.has(theme.code),
    }));
    const end = { code: "end", picture: "scenes-party", label: this.t("step.end"), done: false };
    frame.showSteps([...steps, end], this.#at);
  }

  /** @param {any} theme */
  #categoriesOf(theme) {
    return this.bundle.categories.filter((/** @type {any} */ category) => category.theme === theme.code);
  }
}

export { LAST_SAVE_MS };
