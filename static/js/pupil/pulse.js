/**
 * Signs of life for the teacher's board: how much this tablet has not delivered, and whether anything happens. The answers say what the
 * teacher wants: eyes up, a new start at this seat. Nothing here touches what is being saved.
 */

import { announce, el, picture } from "../dom.js";

/** @typedef {import("../tablet.js").Session} Session */
/** @typedef {{paused: boolean, closed: boolean, reset: boolean}} Orders */

const EVERY_MS = 15_000;
/** While the teacher talks, "go on" should come soon. */
const EVERY_PAUSED_MS = 4_000;
/** A count that changed is told once it has stayed so long: a mark on its way for a moment is no news. */
const SETTLES_MS = 2_500;
/** A pause of which nothing more is heard lets go: no child is locked out because the network went away. */
const PAUSE_HOLDS_MS = 60_000;

export class Pulse {
  #api;
  #tablet;
  #outbox;
  #words;
  #onReset;
  /** @type {Session | null} */
  #session = null;
  #changes = 0;
  /** @type {Map<string, number>} what the server was last told, by response */
  #told = new Map();
  /** @type {Map<string, string>} the right to speak for them */
  #tokens = new Map();
  /** On the clock that nobody sets. @type {number | null} */
  #pausedAt = null;
  /** @type {HTMLDialogElement | null} */
  #panel = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} given
   * @param {import("../api.js").Api} given.api
   * @param {import("../tablet.js").Tablet} given.tablet
   * @param {import("../outbox.js").Outbox} given.outbox
   * @param {import("../words.js").Words} given.words
   * @param {(session: Session) => void} given.onReset  the teacher has reset this seat
   */
  constructor({ api, tablet, outbox, words, onReset }) {
    this.#api = api;
    this.#tablet = tablet;
    this.#outbox = outbox;
    this.#words = words;
    this.#onReset = onReset;
  }

  /** Begin to tell of whatever lies on this tablet, whoever's it is. */
  async start() {
    for (const { response, token } of await this.#tablet.jobs()) {
      // An earlier page may have told of these: when they are delivered, that is to be told too.
      this.#told.set(response, 1);
      this.#tokens.set(response, token);
    }
    this.#outbox.addEventListener("change", () => this.#soon(SETTLES_MS));
    document.addEventListener("visibilitychange", () => this.#soon(0));
    this.#words.addEventListener("change", () => this.#drawPanel());
    this.#soon(SETTLES_MS);
  }

  /**
   * Tell of this pupil from now on.
   * @param {Session} session
   * @param {import("../work.js").Work} work
   */
  watch(session, work) {
    this.#session = session;
    work.addEventListener("change", () => {
      this.#changes += 1;
    });
    this.#soon(0);
  }

  /** @param {number} ms */
  #soon(ms) {
    clearTimeout(this.#timer);
    // a little apart from the others, so that thirty tablets do not speak at the same moment
    this.#timer = setTimeout(() => this.#tell(), ms * (0.9 + 0.2 * Math.random()));
  }

  async #tell() {
    if (!document.hidden) {
      for (const { response, token, unsent } of await this.#news()) {
        await this.#send(response, token, unsent);
      }
    }
    if (this.#pausedAt !== null && performance.now() - this.#pausedAt > PAUSE_HOLDS_MS) {
      this.#letGo();
    }
    this.#soon(this.#pausedAt !== null ? EVERY_PAUSED_MS : EVERY_MS);
  }

  /** What there is to say: always of who sits here, and of others as long as something of theirs is not delivered. */
  async #news() {
    const jobs = await this.#tablet.jobs();
    /** @type {Map<string, {response: string, token: string, unsent: number}>} */
    const news = new Map();
    for (const { response, token } of jobs) {
      const before = news.get(response)?.unsent ?? 0;
      news.set(response, { response, token, unsent: before + 1 });
      this.#tokens.set(response, token);
    }
    for (const [response, unsent] of this.#told) {
      const token = this.#tokens.get(response);
      if (unsent > 0 && token && !news.has(response)) {
        news.set(response, { response, token, unsent: 0 });
      }
    }
    const own = this.#session;
    if (own?.token) {
      // a tablet that cannot keep anything still has it in memory
      const unsent = Math.max(news.get(own.response)?.unsent ?? 0, this.#outbox.jobsOf(own.response).length);
      news.set(own.response, { response: own.response, token: own.token, unsent });
    }
    return [...news.values()];
  }

  /**
   * @param {string} response
   * @param {string} token
   * @param {number} unsent
   */
  async #send(response, token, unsent) {
    const isOwn = response === this.#session?.response;
    try {
      const orders = await this.#api.pulse(response, token, { unsent, changes: isOwn ? this.#changes : 0 });
      this.#told.set(response, unsent);
      if (isOwn) {
        this.#obey(orders);
      }
    } catch {
      // No answer, or one that we do not know: the next sign of life comes soon, and what is drawn goes its own way.
    }
  }

  /** @param {Orders} orders */
  #obey(orders) {
    if (orders.reset && this.#session) {
      this.#onReset(this.#session);
    } else if (orders.paused) {
      this.#pausedAt = performance.now();
      this.#hold();
    } else {
      this.#letGo();
    }
  }

  #hold() {
    if (this.#panel) {
      return;
    }
    this.#panel = el("dialog", { class: "eyes-up", "aria-labelledby": "eyes-up" });
    // only the teacher lets go
    this.#panel.addEventListener("cancel", (event) => event.preventDefault());
    this.#drawPanel();
    document.body.append(this.#panel);
    this.#panel.showModal();
    announce(this.#words.t("pause.title"));
  }

  #drawPanel() {
    this.#panel?.replaceChildren(
      picture("scenes-school"),
      el("h2", { id: "eyes-up", tabindex: "-1" }, this.#words.t("pause.title")),
      el("p", {}, this.#words.t("pause.text")),
    );
  }

  #letGo() {
    this.#pausedAt = null;
    this.#panel?.close();
    this.#panel?.remove();
    this.#panel = null;
  }
}
