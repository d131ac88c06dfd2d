/** The pupil's way through the survey: a step for each theme, questions one at a time, marks and their sheets, the end. */

import { isAsked } from "../conditions.js";
import { announce } from "../dom.js";
import { positionsOf } from "../geojson.js";
import { bringTo, latLng } from "../leaflet.js";
import { browseMode, modeSwitch } from "../modes/browse.js";
import { countOf } from "../state.js";
import { canGoOn, takeTool } from "./drawing.js";
import { lookAtOwnMap } from "./ending.js";
import { showMarkSheet } from "./mark_sheet.js";
import { palette } from "./palette.js";
import { askQuestions } from "./question_sheet.js";
import { canReshape, takeHandles } from "./shaping.js";
import { showSteps } from "./steps.js";
import { tellOfTrouble } from "./trouble.js";
import { warmUp } from "./warm_up.js";
import { whereIs } from "./whereabouts.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("../state.js").Mark} Mark */

/**
 * @typedef {object} Surroundings
 * @property {import("leaflet").Map} map
 * @property {import("./frame.js").Frame} frame
 * @property {import("../layers.js").MarkLayer} layer
 * @property {import("../work.js").Work} work
 * @property {import("../words.js").Words} words
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
  /** @type {object | null} */
  #holding = null;
  /** @type {import("./drawing.js").Tool | null} */
  #tool = null;
  /** @type {string | null} the mark whose handles are in hand */
  #reshaping = null;

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
      tellWhere: (/** @type {Position} */ position) =>
        announce(whereIs(surroundings.words, surroundings.work.session.joined.school, position)),
    };
    surroundings.work.addEventListener("change", () => this.#onChange());
    surroundings.work.addEventListener("trouble", () => this.#onTrouble());
    surroundings.work.addEventListener("save", () => this.s.layer.trouble(surroundings.work.troubles.keys()));
  }

  /**
   * Begin with the warm-up, or go on where a reload cut in.
   * @param {import("../tablet.js").Draft | null} draft  the stroke that was under the finger then
   */
  start(draft) {
    const { work } = this.s;
    this.#onChange();
    this.#onTrouble();
    if (work.finishing !== "no") {
      this.#at = this.themes.length;
      this.#showSteps();
      this.#ending();
    } else if (draft && canGoOn(work, draft)) {
      this.#goOn(draft);
    } else if (work.session.warmedUp) {
      this.goTo(0);
    } else {
      this.#warmUp();
    }
  }

  /** @param {import("../tablet.js").Draft} draft */
  #goOn(draft) {
    const category = this.s.work.categories.get(draft.category);
    // a step whose categories are all retired meanwhile is none
    this.goTo(
      Math.max(
        0,
        this.themes.findIndex((/** @type {any} */ theme) => theme.code === category.theme),
      ),
    );
    this.#take(category, draft.isNew ? null : draft.key, draft);
    this.s.frame.hint(this.t("draft.kept"));
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

  /** Step back once, whatever it was: a point that is no mark yet, a mark, an answer. */
  undo() {
    this.#step("undo", "undone");
  }

  /** Do again what was undone last. */
  redo() {
    this.#step("redo", "redone");
  }

  /**
   * @param {"undo" | "redo"} way
   * @param {"undone" | "redone"} done
   */
  #step(way, done) {
    if (this.#tool?.points?.[way]()) {
      this.s.frame.hint(this.t(`${done}.point`));
      this.#tool.draw();
      return;
    }
    const before = this.s.work.marks;
    const step = this.s.work[way]();
    if (!step) {
      return;
    }
    const mark = [...this.s.work.marks, ...before].find((one) => one.key === step.key);
    const label = mark ? this.s.words.label(this.s.work.categories.get(mark.category)) : "";
    this.s.frame.hint(this.t(`${done}.${step.verb}`, { what: label }));
    const key = this.#open ?? this.#reshaping;
    if (key !== null && !this.s.work.mark(key)) {
      this.#afterSheet();
    } else {
      this.#redraw?.();
    }
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
      onMove: () => {
        this.#leaveSheet();
        this.s.layer.select(key);
        this.#take(category, key);
      },
      onShape: canReshape(mark) ? () => this.#reshape(category, key) : null,
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
    this.#holding = null;
    this.#tool = null;
    this.#reshaping = null;
    this.#showUndo();
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
    const onDone = () => {
      this.s.onWarm();
      this.goTo(0);
    };
    const { draw, mode } = warmUp(this.s, this.ground, onDone);
    this.#redraw = draw;
    draw();
    this.#showSteps();
    this.#modes.to(mode);
  }

  #theme() {
    const theme = this.themes[this.#at];
    const { frame, words, work } = this.s;
    this.#putDown();
    this.#modes.to(browseMode(this.s.map));
    const draw = () => {
      frame.say(words.prompt(theme) || words.label(theme), `themes.${theme.code}`);
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
    const isOfTheme = (/** @type {any} */ question) => question.theme === theme.code;
    this.#ask(isOfTheme, () => this.goTo(this.#at + 1));
  }

  /**
   * Ask those of these questions that have no answer yet, or one that was not taken.
   * @param {(question: any) => boolean} isMeant
   * @param {() => void} onDone
   */
  #ask(isMeant, onDone) {
    const { frame, words, work } = this.s;
    const isOpen = (/** @type {any} */ one) => work.answers[one.code] === undefined || work.isRefused(one.code);
    const isAskedNow = (/** @type {any} */ one) => isAsked(one, this.bundle.questions, work.answers);
    const open = this.bundle.questions.filter((/** @type {any} */ one) => isMeant(one) && isOpen(one));
    const first = open.findIndex(isAskedNow);
    if (first < 0) {
      onDone();
      return;
    }
    const questions = open.slice(first);
    const close = () => {
      work.flush();
      frame.closeSheet();
      onDone();
    };
    const show = (/** @type {string} */ label, /** @type {Node[]} */ nodes) => frame.openSheet(label, ...nodes);
    this.#redraw = askQuestions({ questions, isAsked: isAskedNow, words, work, show, onDone: close });
  }

  /** @param {any} category */
  #pick(category) {
    if (this.s.work.hasRoomFor(category)) {
      this.#take(category, null);
    } else {
      this.s.frame.hint(this.t("palette.full", { what: this.s.words.label(category) }));
    }
  }

  /**
   * @param {any} category
   * @param {string | null} key  of the mark that is moved or drawn again
   * @param {import("../tablet.js").Draft | null} [draft]
   */
  #take(category, key, draft = null) {
    this.#hold((bench) => takeTool(bench, category, key, draft));
  }

  /**
   * @param {any} category
   * @param {string} key
   */
  #reshape(category, key) {
    this.#leaveSheet();
    this.#hold((bench) => takeHandles(bench, category, key));
    this.#reshaping = key;
  }

  /** @param {(bench: import("./drawing.js").Bench) => import("./drawing.js").Tool} take */
  #hold(take) {
    const hold = {};
    this.#holding = hold;
    this.#tool = take({
      s: this.s,
      ground: this.ground,
      enter: (mode) => this.#modes.to(mode),
      openMark: (opened) => this.openMark(opened),
      cancel: () => this.#afterSheet(),
      isInHand: () => this.#holding === hold,
      changed: () => this.#showUndo(),
    });
    this.#redraw = this.#tool.draw;
    this.#showUndo();
  }

  #theEnd() {
    const isOfTheEnd = (/** @type {any} */ question) => !question.theme && !question.category;
    this.#ask(isOfTheEnd, () => this.#ending());
  }

  #ending() {
    this.#modes.to(browseMode(this.s.map));
    lookAtOwnMap(this.s, {
      onMore: () => {
        this.s.work.reopen();
        this.goTo(0);
      },
      redraws: (draw) => {
        this.#redraw = draw;
      },
    });
  }

  #onChange() {
    const { layer, work } = this.s;
    layer.show(work.marks);
    this.#showUndo();
    this.#showSteps();
  }

  #showUndo() {
    const { frame, work } = this.s;
    const points = this.#tool?.points;
    frame.showUndo(work.canUndo || points?.canUndo === true, work.canRedo || points?.canRedo === true);
  }

  #onTrouble() {
    this.s.layer.trouble(this.s.work.troubles.keys());
    tellOfTrouble(this.s, this.#open !== null);
  }

  #showSteps() {
    showSteps(this.s, this.themes, this.#at);
  }

  /** @param {any} theme */
  #categoriesOf(theme) {
    return this.bundle.categories.filter((/** @type {any} */ category) => category.theme === theme.code && !category.retired);
  }
}
