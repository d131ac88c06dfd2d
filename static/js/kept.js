/** What the tablet keeps of the pupil who sits here: the session with its ledger, and a copy of what was said. */

/** @typedef {import("./tablet.js").Session} Session */
/** @typedef {import("./tablet.js").Copy} Copy */

export class Kept {
  #tablet;

  /**
   * @param {import("./tablet.js").Tablet} tablet
   * @param {Session} session
   */
  constructor(tablet, session) {
    this.#tablet = tablet;
    this.session = session;
  }

  /** @param {Partial<Session>} more */
  remember(more) {
    Object.assign(this.session, more);
    this.#tablet.saveSession(this.session);
  }

  /**
   * Ids, revisions and zones; no geometry and no words.
   * @param {import("./ledger.js").Ledger} ledger
   */
  ledger(ledger) {
    this.remember({ ledger: Object.fromEntries(Object.entries(ledger).map(([key, { id, rev, zones }]) => [key, { id, rev, zones }])) });
  }

  /** @param {Copy} job */
  copy({ response, resource, method, rev, body }) {
    this.#tablet.putCopy({ response, resource, method, rev, body });
  }

  /**
   * All that was said, in place of what was kept of it.
   * @param {Copy[]} copies
   */
  async copies(copies) {
    if (await this.#tablet.replaceCopies(copies)) {
      this.remember({ copied: true });
    }
  }

  /** Handed in, so there is nothing to go on with: what is safe goes. */
  async nothing() {
    this.remember({ copied: false });
    await this.#tablet.replaceCopies([]);
  }
}
