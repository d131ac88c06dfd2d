/**
 * One pupil's work at the tablet: marks with undo, answers, and the outbox that carries both to the server.
 * Fires "change" when marks or answers changed, "save" when the save state may have, "trouble" when a mark was refused, "finished" when
 * the receipt is there.
 */

import { DraftKeeper } from "./draft.js";
import { Kept } from "./kept.js";
import { reconcile, withZones, zonesOfOthers } from "./ledger.js";
import { newId, random } from "./random.js";
import { routeParts } from "./routes.js";
import { addMark, beginHistory, changeMark, countOf, forgetAhead, giveAnswer, markOf, redo, removeMark, undo } from "./state.js";
import { inForce, pickZone, publicGround, zonesOf } from "./trim.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("./state.js").Mark} Mark */
/** @typedef {import("./tablet.js").Session} Session */

/** A pause in typing after which words are sent. */
const TYPING_PAUSE_MS = 800;

export class Work extends EventTarget {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  /** @type {import("./ledger.js").Ledger} */
  #ledger;
  #outbox;
  #kept;
  #answersAreNew = false;

  /**
   * @param {object} given
   * @param {any} given.bundle
   * @param {Session} given.session
   * @param {import("./outbox.js").Outbox} given.outbox
   * @param {import("./tablet.js").Tablet} given.tablet
   * @param {Restored} given.restored
   */
  constructor({ bundle, session, outbox, tablet, restored }) {
    super();
    this.bundle = bundle;
    this.session = session;
    this.#outbox = outbox;
    this.#kept = new Kept(tablet, session);
    this.drafts = new DraftKeeper(tablet);
    this.#ledger = restored.ledger;
    this.history = beginHistory(restored.marks, restored.answers);
    this.publicAt = publicGround([session.joined.school], bundle.public_places);
    this.categories = new Map(bundle.categories.map((/** @type {any} */ category) => [category.code, category]));
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    this.#outbox.addEventListener("change", () => this.dispatchEvent(new Event("save")), { signal });
    this.#outbox.addEventListener("refused", () => this.dispatchEvent(new Event("trouble")), { signal });
    this.#outbox.addEventListener("revised", (event) => this.#onRevised(/** @type {CustomEvent} */ (event).detail), { signal });
    this.#outbox.addEventListener("finished", (event) => this.#onReceipt(/** @type {CustomEvent} */ (event).detail), { signal });
    this.#outbox.addEventListener("leaving", () => this.flush(), { signal });
  }

  get marks() {
    return this.history.marks;
  }

  get answers() {
    return this.history.answers;
  }

  get canUndo() {
    return this.history.steps.length > 0;
  }

  get canRedo() {
    return this.history.ahead.length > 0;
  }

  /** @returns {import("./outbox_rules.js").SaveState} */
  get saveState() {
    return this.#typing ? "saving" : this.#outbox.stateOf(this.session.response);
  }

  get online() {
    return this.#outbox.online;
  }

  /** Whether what is not sent yet survives a reload. */
  get keeps() {
    return this.#outbox.keeps;
  }

  /** What has no receipt yet, refused marks included. */
  get unsent() {
    return this.#outbox.jobsOf(this.session.response);
  }

  /** How far the handing in is: not asked for, on its way, done, or turned down. */
  get finishing() {
    const job = this.unsent.find((one) => one.resource === "finish");
    return job ? (job.refused ? "refused" : "waiting") : this.session.receipt ? "done" : "no";
  }

  /** Hand in. The receipt comes as "finished": now, or when there is a network again. */
  finish() {
    this.flush();
    const { response, token } = this.session;
    if (token !== null) {
      this.#outbox.put({ response, token, resource: "finish", method: "POST", rev: 1, body: "{}" });
      this.#outbox.retrySoon();
    }
  }

  /** The pupil draws on after handing in. */
  reopen() {
    this.#kept.remember({ receipt: null });
    this.keepCopies();
  }

  /** Keep on the tablet what is known to be said: all of it, after a reload. */
  keepCopies() {
    const rev = this.session.answersRev;
    const said = Object.values(this.#ledger).filter((entry) => entry.said !== null);
    const whose = { response: this.session.response, method: /** @type {const} */ ("PUT") };
    const copies = said.map((entry) => ({ ...whose, resource: `marks/${entry.id}`, rev: entry.rev, body: entry.said }));
    const answers = { ...whose, resource: "answers", rev, body: JSON.stringify({ rev, answers: this.answers }) };
    return this.#kept.copies(rev > 0 ? [...copies, answers] : copies);
  }

  /** @param {string} key */
  mark(key) {
    return markOf(this.history, key);
  }

  /**
   * Whether the survey takes one more of a category.
   * @param {any} category
   */
  hasRoomFor(category) {
    return countOf(this.history, category.code) < category.limits.max && this.marks.length < this.bundle.limits.max_marks;
  }

  /**
   * @param {any} category
   * @param {Position} position
   * @returns {Mark}
   */
  addPlace(category, position) {
    return this.#add(category, {
      geometry: { type: "Point", coordinates: [Number(position[0].toFixed(6)), Number(position[1].toFixed(6))] },
    });
  }

  /**
   * @param {any} category
   * @param {Position[]} ring  closed
   * @returns {Mark}
   */
  addArea(category, ring) {
    return this.#add(category, { geometry: { type: "Polygon", coordinates: [ring] } });
  }

  /**
   * A way that is told in words only; places and areas without a where are none.
   * @param {any} category
   * @returns {Mark}
   */
  addWords(category) {
    return this.#add(category, {});
  }

  /**
   * Draw a route, draw on, or draw one again. What is cut off its home end is settled once, for all routes from there.
   * @param {any} category
   * @param {string} key
   * @param {Position[]} line
   * @param {{verb?: import("./state.js").Verb, merge?: string | null, goesOn?: boolean}} [options]  goesOn: the line is the one there, and more
   * @returns {Mark}
   */
  drawRoute(category, key, line, { goesOn = false, ...options } = {}) {
    const zones = zonesOf(line, this.publicAt, {
      own: this.#ledger[key]?.zones ?? [],
      others: zonesOfOthers(this.#ledger, key),
      goesOn,
      pick: (end) => pickZone(end, this.bundle.trim_m, random),
    });
    this.#ledger = withZones(this.#ledger, key, newId(), zones);
    const parts = routeParts(line, { zones: inForce(zones), publicAt: this.publicAt, studyArea: this.bundle.study_area });
    if (this.mark(key)) {
      this.change(key, parts, options);
      return /** @type {Mark} */ (this.mark(key));
    }
    return this.#add(category, { ...parts, key });
  }

  /**
   * @param {string} key
   * @param {Partial<Mark>} patch
   * @param {{verb?: import("./state.js").Verb, merge?: string | null}} [options]
   */
  change(key, patch, options = {}) {
    this.#become(changeMark(this.history, key, patch, options), options.merge ? TYPING_PAUSE_MS : 0);
  }

  /** @param {string} key */
  remove(key) {
    this.#become(removeMark(this.history, key), 0);
  }

  /** @returns {import("./state.js").Step | null} what was undone */
  undo() {
    const back = undo(this.history);
    if (!back) {
      return null;
    }
    this.#become(back.history, 0);
    return back.undone;
  }

  /** @returns {import("./state.js").Step | null} what was done again */
  redo() {
    const on = redo(this.history);
    if (!on) {
      return null;
    }
    this.#become(on.history, 0);
    return on.redone;
  }

  /** Something new is begun that is no step yet: what was undone cannot come back over it. */
  forgetAhead() {
    this.#become(forgetAhead(this.history), 0);
  }

  /**
   * Answer a question that hangs on no mark.
   * @param {string} code
   * @param {unknown} value  null takes the answer back
   * @param {boolean} [typing]
   */
  answer(code, value, typing = false) {
    this.#become(giveAnswer(this.history, code, value, typing ? code : null), typing ? TYPING_PAUSE_MS : 0);
  }

  /**
   * Marks that the server would not take, and why.
   * @returns {Map<string, NonNullable<import("./outbox_rules.js").Job["refused"]>>} by key
   */
  get troubles() {
    const found = new Map();
    for (const job of this.#outbox.jobsOf(this.session.response)) {
      const key = Object.keys(this.#ledger).find((one) => job.resource === `marks/${this.#ledger[one].id}`);
      if (job.refused && key) {
        found.set(key, job.refused);
      }
    }
    return found;
  }

  /** Why the server would not take the answers that hang on no mark; null unless it would not. */
  get answersTrouble() {
    return this.unsent.find((job) => job.resource === "answers")?.refused ?? null;
  }

  /** @param {string} code  of a question: whether it is its answer that the server would not take */
  isRefused(code) {
    return this.answersTrouble?.pointer?.split("/")[2] === code;
  }

  /** Send what waits for a pause in typing now. */
  flush() {
    clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#save(false);
    const released = this.#outbox.release(this.session.response);
    for (const job of released) {
      this.#kept.copy(job);
    }
    if (released.length > 0) {
      this.#kept.ledger(this.#ledger);
    }
  }

  /**
   * @param {any} category
   * @param {Partial<Mark>} more
   * @returns {Mark}
   */
  #add(category, more) {
    /** @type {Mark} */
    const mark = {
      key: newId(),
      category: category.code,
      kind: category.kind,
      geometry: null,
      drawn: null,
      cut: [],
      mode: null,
      comment: "",
      answers: {},
      ...more,
    };
    this.#become(addMark(this.history, mark), 0);
    return mark;
  }

  /**
   * @param {import("./state.js").History} history
   * @param {number} pauseMs
   */
  #become(history, pauseMs) {
    if (history === this.history) {
      return;
    }
    this.#answersAreNew ||= history.answers !== this.history.answers;
    this.history = history;
    this.#saveSoon(pauseMs);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {number} pauseMs */
  #saveSoon(pauseMs) {
    clearTimeout(this.#typing);
    if (pauseMs === 0) {
      this.flush();
    } else {
      this.#typing = setTimeout(() => this.flush(), pauseMs);
      this.#save(true);
      this.dispatchEvent(new Event("save"));
    }
  }

  /** @param {boolean} held  keep it on the tablet and do not send it yet */
  #save(held) {
    const { response, token } = this.session;
    if (token === null) {
      return;
    }
    const { ledger, messages } = reconcile(this.#ledger, this.marks, newId);
    let isNew = messages.length > 0;
    this.#ledger = ledger;
    if (this.#answersAreNew) {
      this.#answersAreNew = false;
      this.session.answersRev += 1;
      const rev = this.session.answersRev;
      this.#put({ response, token, resource: "answers", method: "PUT", rev, body: JSON.stringify({ rev, answers: this.answers }) }, held);
      isNew = true;
    }
    // What is held is in the outbox with its revision; copy and ledger follow when the typing rests, so that a letter is one thing to write.
    if (isNew && !held) {
      this.#kept.ledger(this.#ledger);
    }
    for (const { method, id, rev, body } of messages) {
      this.#put({ response, token, resource: `marks/${id}`, method, rev, body }, held);
    }
  }

  /**
   * @param {Parameters<import("./outbox.js").Outbox["put"]>[0]} job
   * @param {boolean} held
   */
  #put(job, held) {
    this.#outbox.put(job, held);
    if (!held) {
      this.#kept.copy(job);
    }
  }

  /** @param {{response: string, receipt: string}} answer */
  #onReceipt({ response, receipt }) {
    if (response === this.session.response) {
      this.#kept.remember({ receipt });
      this.#kept.nothing();
      this.dispatchEvent(new Event("finished"));
    }
  }

  /** @param {{was: string, job: import("./outbox_rules.js").Job}} revised */
  #onRevised({ was, job }) {
    if (job.response !== this.session.response) {
      return;
    }
    if (job.resource === "answers") {
      this.session.answersRev = Math.max(this.session.answersRev, job.rev);
    }
    const id = job.resource.slice("marks/".length);
    for (const [key, entry] of Object.entries(this.#ledger)) {
      if (was === `marks/${entry.id}`) {
        const rev = id === entry.id ? Math.max(entry.rev, job.rev) : job.rev;
        this.#ledger = { ...this.#ledger, [key]: { ...entry, id, rev } };
      }
    }
    if (was !== job.resource) {
      this.#kept.copy({ ...job, resource: was, method: "DELETE" });
    }
    this.#kept.copy(job);
    this.#kept.ledger(this.#ledger);
  }
}

/** @typedef {{marks: Mark[], answers: Record<string, unknown>, ledger: import("./ledger.js").Ledger}} Restored */
