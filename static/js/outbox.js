/**
 * The queue between the tablet and the server: kept on the tablet, one request in flight, tried again until there is a receipt.
 * Fires "change" when the save state may be another, "refused" with {detail: job}, "revised" with {detail: {was, job}} when something is
 * sent under a newer revision or another id (`was` is the resource it had), "finished" with {detail: the receipt}, "leaving" when the page may go away and whoever holds something back should put it now.
 */

import { refusalOf } from "./api.js";
import { sha256 } from "./digest.js";
import { asNewMark, enqueue, lastWords, nameOf, nextJob, retryAfterMs, sameResource, saveState, verdict, waitMs } from "./outbox_rules.js";
import { newId } from "./random.js";

/** @typedef {import("./outbox_rules.js").Job} Job */

export class Outbox extends EventTarget {
  /** @type {Job[]} */
  #queue = [];
  /** @type {Job | null} */
  #flying = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #waiting = false;
  /** Whether the server has said how long to wait. */
  #isAsked = false;
  /** Resources that the tablet could not keep, so that a reload would lose them. @type {Set<string>} */
  #unkept = new Set();
  #saidToKeep = true;
  /** Another page goes on with what is here. */
  #isOver = false;
  /** In a row, whichever job it was. */
  #failures = 0;
  /** Resources that are being written to the tablet now. @type {Set<string>} */
  #keeping = new Set();
  #api;
  #tablet;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./tablet.js").Tablet} tablet
   */
  constructor(api, tablet) {
    super();
    this.#api = api;
    this.#tablet = tablet;
    /** Whether the last try reached the server. */
    this.online = navigator.onLine;
  }

  /**
   * Take up what an earlier page left, whoever's it is, and begin to listen for the network.
   * @param {AbortSignal} signal
   */
  async start(signal) {
    const left = await this.#tablet.jobs();
    // What happened to these before the page went away is unknown: they may have arrived. What was refused is asked again: a key that
    // was missing may be there now, and the child who could change it may have gone.
    this.#queue = left.map((job) => ({ ...job, attempted: true, held: false, tries: 0, refused: null }));
    // It may be another network than the one in which somebody asked to be left alone.
    window.addEventListener("online", () => this.retryNow(), { signal });
    window.addEventListener("offline", () => this.#setOnline(false), { signal });
    document.addEventListener("visibilitychange", () => this.retrySoon(), { signal });
    window.addEventListener("pagehide", () => this.#sendWhileLeaving(), { signal });
    this.#pump();
  }

  /**
   * Jobs of a response that have no receipt yet, refused ones included.
   * @param {string} response
   * @returns {Job[]}
   */
  jobsOf(response) {
    return this.#queue.filter((job) => job.response === response);
  }

  /**
   * @param {string} response
   * @returns {import("./outbox_rules.js").SaveState}
   */
  stateOf(response) {
    const isKeeping = [...this.#keeping].some((name) => name.startsWith(`${response}/`));
    return saveState(this.#queue, response, { keepsOnTablet: this.keeps, isKeeping, online: this.online });
  }

  /** Whether everything in the queue survives a reload. */
  get keeps() {
    return this.#tablet.keeps && this.#unkept.size === 0;
  }

  /**
   * Keep a job on the tablet and send it at once; when it is held, not before it is released.
   * @param {Pick<Job, "response" | "resource" | "method" | "rev" | "body" | "token">} wanted
   * @param {boolean} [held]
   */
  put(wanted, held = false) {
    const job = { ...wanted, sha256: null, tries: 0, attempted: this.#isFlying(wanted), held, refused: null };
    this.#queue = enqueue(this.#queue, job);
    const queued = this.#queue.find((other) => sameResource(other, job));
    if (queued) {
      this.#keep(queued);
    } else {
      this.#forget(job);
    }
    if (!held) {
      this.#changed();
      this.#pump();
    }
  }

  /**
   * Send what was held.
   * @param {string} response
   * @returns {Job[]}  what was
   */
  release(response) {
    const held = this.jobsOf(response).filter((job) => job.held);
    this.#queue = this.#queue.map((job) => (held.includes(job) ? { ...job, held: false } : job));
    if (held.length > 0) {
      this.#changed();
      this.#pump();
    }
    return held;
  }

  /** Put on the tablet what is only known here, for another page to go on with; nothing is sent or written from then on. */
  async handOver() {
    this.dispatchEvent(new Event("leaving"));
    while (this.#keeping.size > 0) {
      await this.#tablet.queue;
    }
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /**
   * Put a job on the tablet as it is now, and once more if it has become another meanwhile: who types fast waits for no disk.
   * @param {Pick<Job, "response" | "resource">} wanted
   */
  async #keep(wanted) {
    const name = nameOf(wanted);
    if (this.#keeping.has(name)) {
      return;
    }
    this.#keeping.add(name);
    const current = () => this.#queue.find((other) => sameResource(other, wanted));
    let kept = true;
    for (let job = current(), last; job && job !== last; job = current()) {
      kept = await this.#tablet.putJob(job);
      last = job;
    }
    this.#keeping.delete(name);
    if (current()) {
      this.#unkept[kept ? "delete" : "add"](name);
    }
    // Where there was room for one there may be room again for those that found none.
    const again = this.#queue.find((other) => kept && this.#unkept.has(nameOf(other)));
    if (again) {
      this.#unkept.delete(nameOf(again));
      await this.#keep(again);
    }
    // A letter more is nothing to tell of, unless the tablet has begun to refuse it.
    if (!current()?.held || this.keeps !== this.#saidToKeep) {
      this.#changed();
    }
  }

  /** @param {Job} job */
  async #forget(job) {
    this.#unkept.delete(nameOf(job));
    await this.#tablet.deleteJob(job);
    this.#changed();
  }

  /** Forget the waiting: something says that it may work now. */
  retryNow() {
    clearTimeout(this.#timer);
    this.#waiting = false;
    this.#isAsked = false;
    this.#pump();
  }

  /** Try without waiting any longer, unless the server has said when to come back. */
  retrySoon() {
    if (!this.#isAsked) {
      this.retryNow();
    }
  }

  async #pump() {
    if (this.#flying || this.#waiting || this.#isOver) {
      return;
    }
    const job = nextJob(this.#queue);
    if (!job) {
      return;
    }
    this.#flying = job;
    this.#replace(job, { ...job, attempted: true });
    this.#changed();
    try {
      const answer = await this.#api.send(job);
      this.#setOnline(true);
      // What came of it, the other page hears when it sends the same.
      if (!this.#isOver) {
        await this.#judge(job, answer);
      }
    } catch {
      this.#setOnline(false);
      this.#later(job, null);
    } finally {
      this.#flying = null;
    }
    this.#changed();
    this.#pump();
  }

  /**
   * @param {Job} job
   * @param {import("./api.js").Answer} answer
   */
  async #judge(job, answer) {
    // Reckoned here and not before: until the answer is judged, nothing needs it, and a page that goes away has no time for it.
    const means = verdict({ ...job, sha256: await sha256(job.body) }, answer);
    this.#failures = means === "retry" ? this.#failures : 0;
    switch (means) {
      case "safe":
        await this.#drop(job);
        if (job.method === "DELETE") {
          this.#makeRoom(job.response);
        }
        if (job.resource === "finish" && answer.status === 200) {
          this.dispatchEvent(new CustomEvent("finished", { detail: answer.body }));
        }
        break;
      case "conflict":
        await this.#outrank(job, answer.body);
        break;
      case "gone":
        await this.#moveOut(job);
        break;
      case "refused":
        this.#refuse(job, refusalOf(answer));
        break;
      default:
        this.#later(job, retryAfterMs(answer.retryAfter, answer.date));
    }
  }

  /**
   * One mark less: those that there was no room for are sent again.
   * @param {string} response
   */
  #makeRoom(response) {
    for (const job of this.jobsOf(response).filter((one) => one.refused?.code === "too-many-marks")) {
      const again = { ...job, refused: null };
      this.#replace(job, again);
      this.#keep(again);
    }
  }

  /**
   * A receipt: the tablet forgets it, unless a newer revision has taken its place meanwhile.
   * @param {Job} job
   */
  async #drop(job) {
    const now = this.#queue.find((other) => sameResource(other, job));
    if (now && now.rev === job.rev && now.method === job.method) {
      this.#queue = this.#queue.filter((other) => other !== now);
      await this.#forget(job);
    }
  }

  /**
   * The server has something else under this revision: what the child sees on this tablet wins, as the next one.
   * @param {Job} job
   * @param {unknown} body
   */
  async #outrank(job, body) {
    const now = this.#queue.find((other) => sameResource(other, job));
    if (!now || now.rev > job.rev) {
      return;
    }
    const stored = Number(/** @type {{rev?: unknown} | null} */ (body)?.rev ?? job.rev);
    const rev = Math.max(job.rev, Number.isFinite(stored) ? stored : 0) + 1;
    const text = job.body === null ? null : JSON.stringify({ ...JSON.parse(job.body), rev });
    const next = { ...now, rev, body: text, tries: now.tries + 1 };
    this.#replace(now, next);
    await this.#keep(next);
    this.dispatchEvent(new CustomEvent("revised", { detail: { was: job.resource, job: next } }));
    if (next.tries > 3) {
      this.#wait(waitMs(next.tries, Math.random, null));
    }
  }

  /**
   * Somebody has deleted what the child still has here (the same seat on another tablet): what is seen on this one wins. A deleted id
   * stays deleted, so it is sent as a new mark.
   * @param {Job} job
   */
  async #moveOut(job) {
    const now = this.#queue.find((other) => sameResource(other, job));
    if (!now || now.rev > job.rev || now.method !== "PUT") {
      return;
    }
    const moved = asNewMark(now, newId());
    this.#replace(now, moved);
    this.dispatchEvent(new CustomEvent("revised", { detail: { was: job.resource, job: moved } }));
    await this.#keep(moved);
    await this.#forget(job);
  }

  /**
   * A refusal never throws work away: the job stays, marked, until the child changes it.
   * @param {Job} job
   * @param {import("./api.js").ApiError} error
   */
  #refuse(job, error) {
    const now = this.#queue.find((other) => sameResource(other, job));
    if (now && now.rev === job.rev) {
      const marked = { ...now, refused: { code: error.code, detail: error.detail, status: error.status, pointer: error.pointer } };
      this.#replace(now, marked);
      this.#keep(marked);
      this.dispatchEvent(new CustomEvent("refused", { detail: marked }));
    }
  }

  /**
   * @param {Job} job
   * @param {number | null} retryAfter  milliseconds
   */
  #later(job, retryAfter) {
    const now = this.#queue.find((other) => sameResource(other, job));
    const tries = (now?.tries ?? job.tries) + 1;
    if (now) {
      this.#replace(now, { ...now, tries });
    }
    this.#failures += 1;
    this.#wait(waitMs(this.#failures, Math.random, retryAfter), retryAfter !== null);
  }

  /**
   * @param {number} ms
   * @param {boolean} [isAsked]
   */
  #wait(ms, isAsked = false) {
    clearTimeout(this.#timer);
    this.#waiting = true;
    this.#isAsked = isAsked;
    this.#timer = setTimeout(() => this.retryNow(), ms);
  }

  /**
   * @param {Job} before
   * @param {Job} after
   */
  #replace(before, after) {
    this.#queue = this.#queue.map((job) => (job === before ? after : job));
    if (this.#flying === before) {
      this.#flying = after;
    }
  }

  /** @param {Pick<Job, "response" | "resource">} job */
  #isFlying(job) {
    return this.#flying !== null && sameResource(this.#flying, job);
  }

  /**
   * The last chance before the page goes. The tablet keeps all of it first, since nothing that is sent now is sure to arrive. What is
   * small enough is sent once more, in the background; what is under way, too, since the browser may cut it off. The same twice is the same.
   */
  #sendWhileLeaving() {
    if (this.#isOver) {
      return;
    }
    this.dispatchEvent(new Event("leaving"));
    // It may arrive: should the page live on, what is removed then is to be removed there, too.
    for (const job of lastWords(this.#queue)) {
      this.#replace(job, { ...job, attempted: true });
    }
    this.#tablet.putJobsNow(this.#queue);
    for (const job of lastWords(this.#queue)) {
      this.#api.send(job, { keepalive: true }).catch(() => undefined);
    }
  }

  /** @param {boolean} online */
  #setOnline(online) {
    if (this.online !== online) {
      this.online = online;
      this.#changed();
    }
  }

  #changed() {
    this.#saidToKeep = this.keeps;
    this.dispatchEvent(new Event("change"));
  }
}
