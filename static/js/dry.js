/**
 * A tablet and an outbox that keep and send nothing, for a look at the pupils' page: no IndexedDB is opened, no request made. What is
 * drawn is in the page's memory, as everything is, and gone with it.
 */

/** @typedef {import("./outbox_rules.js").SaveState} SaveState */

/** What stands for the code that a pupil would be given. */
export const NO_RECEIPT = "PRØVE";

/** As Tablet, for all that the page asks of it while somebody draws. */
export class DryTablet {
  keeps = true;

  async saveSession() {}

  async putCopy() {}

  async replaceCopies() {}

  async saveDraft() {}

  async dropDraft() {}
}

/** As Outbox, in the same way. Handing in is answered at once. */
export class DryOutbox extends EventTarget {
  online = true;
  keeps = true;

  /** @param {{response: string, resource: string}} job */
  put({ response, resource }) {
    if (resource === "finish") {
      const detail = { response, receipt: NO_RECEIPT };
      queueMicrotask(() => this.dispatchEvent(new CustomEvent("finished", { detail })));
    }
  }

  jobsOf() {
    return [];
  }

  release() {
    return [];
  }

  /** @returns {SaveState} */
  stateOf() {
    return "memory";
  }

  retrySoon() {}
}
