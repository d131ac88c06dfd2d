/** Keeps the stroke under the finger on the tablet, at least once a second, and takes it away again when the finger is lifted. */

/** Half of the second that a crash may cost: writing takes its time, too. */
const EVERY_MS = 400;

export class DraftKeeper {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => import("./tablet.js").Draft) | null} */
  #newest = null;
  #tablet;

  /** @param {Pick<import("./tablet.js").Tablet, "saveDraft" | "dropDraft">} tablet */
  constructor(tablet) {
    this.#tablet = tablet;
  }

  /** Whether there is something that the tablet has or will have in a moment. */
  get holds() {
    return this.#newest !== null;
  }

  /** @param {() => import("./tablet.js").Draft} draft  asked when it is written: fingers move oftener than that */
  note(draft) {
    this.#newest = draft;
    this.#timer ??= setTimeout(() => this.#write(), EVERY_MS);
  }

  /** The stroke is over, one way or the other. */
  drop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#newest) {
      this.#newest = null;
      this.#tablet.dropDraft();
    }
  }

  async #write() {
    const [timer, draft] = [this.#timer, this.#newest];
    if (draft) {
      await this.#tablet.saveDraft(draft());
    }
    if (timer === this.#timer) {
      this.#timer = undefined;
      if (this.#newest && this.#newest !== draft) {
        // Drawn while the tablet wrote; the finger may rest from now on, and note nothing more.
        this.note(this.#newest);
      }
    }
  }
}
