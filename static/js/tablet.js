/**
 * What the tablet keeps: jobs without a receipt, and of the pupil who sits here now the session, a copy of what was said (as it was
 * sent, to be shown after a reload without a network) and the stroke under the finger. IndexedDB with strict durability, never
 * localStorage, which loses what it said it had; when the browser refuses, memory, and `keeps` says so.
 */

import { openDB } from "../vendor/idb-8.0.4/idb.js";

/** @typedef {import("./outbox_rules.js").Job} Job */

const NAME = "trakk";
/** Stores are only ever added, so that an older page can go on with a database that a newer one has opened. */
const VERSION = 2;
const STORES = {
  jobs: { keyPath: ["response", "resource"] },
  session: {},
  copies: { keyPath: ["response", "resource"] },
  draft: {},
};

/**
 * The longest that the store is waited for: a browser may leave it without an answer for as long as another page, or a defect, holds it.
 * To know who sits here is worth a longer wait than to write, which is tried again.
 */
const OPENING_MS = 10_000;
const WRITING_MS = 4_000;
/** Once it has let somebody wait so long, nobody waits longer than this before it has read or written something. */
const NO_PATIENCE_MS = 200;

/**
 * @typedef {object} Session   who sits at the tablet; of homes it holds the zones only
 * @property {{code?: string, token?: string, grant?: string, way?: "papirark" | "gruppe", children?: number}} entry
 *   how they came in: the next pupil comes the same way; an adult who draws for children by a grant
 * @property {string} response
 * @property {string | null} token        null until the join is answered
 * @property {any} joined                 the answer to the join
 * @property {string | null} language
 * @property {Record<string, {id: string, rev: number, zones?: readonly import("./trim.js").Zone[]}>} ledger
 * @property {number} answersRev
 * @property {boolean} warmedUp
 * @property {string | null} receipt      once the work is handed in
 * @property {boolean} [copied]            false where the tablet has no copy of what was said: it is handed in, or taken up by its receipt
 * @property {import("./pupil/background.js").View | null} [view]  map or photo, once the pupil has chosen
 */
/** @typedef {Pick<Job, "response" | "resource" | "method" | "rev" | "body">} Copy */
/**
 * @typedef {object} Draft   what is no mark yet: a stroke whose finger is still down, points put one by one; as they were drawn. It never
 *   leaves the tablet, and goes when the mark is made or given up
 * @property {string} response
 * @property {string} category
 * @property {string} key       of the mark it is or will be part of
 * @property {boolean} isNew    whether that mark comes with this stroke
 * @property {import("geojson").Position[]} line   what is drawn already
 * @property {import("geojson").Position[]} stroke
 * @property {import("geojson").Position[]} [points]  put, but no line or area yet
 */

/**
 * The session of somebody who has just sat down; what is known of them already comes in `known`.
 * @param {Partial<Session> & Pick<Session, "entry" | "language">} known
 * @returns {Session}
 */
export function newSession(known) {
  return { response: "", token: null, joined: null, ledger: {}, answersRev: 0, warmedUp: false, receipt: null, ...known };
}

export class Tablet {
  #hangs = false;
  /** Whose pupils have left this page: what it still says of them is not kept, but for what waits to be sent. @type {Set<string>} */
  #left = new Set();
  /** @type {Promise<unknown> | null} */
  #opening = null;

  constructor() {
    /** Whether what is put here survives a reload. */
    this.keeps = true;
    /** @type {any} */
    this.db = null;
    /** @type {Promise<unknown>} */
    this.queue = Promise.resolve();
  }

  /** Open the database; a browser that refuses, or does not answer, makes `keeps` false, and work goes on. */
  async open() {
    try {
      await this.#inTime(this.#connection(), OPENING_MS);
    } catch {
      this.db = null;
      this.keeps = false;
    }
    return this;
  }

  /** One that is being opened, however many ask for it, and taken whenever it comes: the page that blocked it may be closed in an hour. */
  #connection() {
    const open = () =>
      this.#connect(VERSION).catch((error) => {
        if (error.name === "VersionError") {
          return this.#connect(undefined);
        }
        throw error;
      });
    this.#opening ??= open()
      .then((db) => {
        this.db = db;
        this.keeps = true;
      })
      .finally(() => {
        this.#opening = null;
      });
    return this.#opening;
  }

  /**
   * What comes of it, unless it takes too long.
   * @template T
   * @param {Promise<T>} asked
   * @param {number} patienceMs
   * @returns {Promise<T>}
   */
  #inTime(asked, patienceMs) {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#hangs = true;
        reject(new DOMException("The store does not answer.", "TimeoutError"));
      };
      const timer = setTimeout(giveUp, this.#hangs ? NO_PATIENCE_MS : patienceMs);
      asked.finally(() => clearTimeout(timer)).then(resolve, reject);
    });
  }

  /** @param {number | undefined} version  undefined takes the database as it is */
  #connect(version) {
    return openDB(NAME, version, {
      upgrade(/** @type {any} */ db) {
        for (const [name, options] of Object.entries(STORES)) {
          if (!db.objectStoreNames.contains(name)) {
            db.createObjectStore(name, options);
          }
        }
      },
      // Safari drops the connection of a page that slept; the next use opens another.
      terminated: () => {
        this.db = null;
      },
      blocking: () => {
        this.db?.close();
        this.db = null;
      },
    });
  }

  /** @returns {Promise<Session | null>} */
  async session() {
    return (await this.#use("readonly", "session", (store) => store.get("current"))) ?? null;
  }

  /** @param {Session} session */
  async saveSession(session) {
    if (this.#left.has(session.response)) {
      return undefined;
    }
    return this.#use("readwrite", "session", (store) => store.put(session, "current"));
  }

  clearSession() {
    return this.#use("readwrite", "session", (store) => store.delete("current"));
  }

  /**
   * Nothing of the pupil who sat here stays, but for what is not delivered yet; nor does what the page says of them before it is gone.
   * @param {string} response  "" for nobody
   */
  async forgetPupil(response) {
    if (response) {
      this.#left.add(response);
    }
    await this.clearSession();
    await this.replaceCopies([]);
    await this.dropDraft();
  }

  /**
   * @param {string} response
   * @returns {Promise<Copy[]>}
   */
  async copiesOf(response) {
    const all = (await this.#use("readonly", "copies", (store) => store.getAll())) ?? [];
    return all.filter((/** @type {Copy} */ copy) => copy.response === response);
  }

  /** @param {Copy} copy  a deletion takes it away */
  async putCopy(copy) {
    if (this.#left.has(copy.response)) {
      return undefined;
    }
    const key = [copy.response, copy.resource];
    return this.#use("readwrite", "copies", (store) => (copy.method === "DELETE" ? store.delete(key) : store.put(copy)));
  }

  /** @param {Copy[]} copies */
  replaceCopies(copies) {
    const kept = copies.filter((copy) => !this.#left.has(copy.response));
    return this.#use("readwrite", "copies", (store) => Promise.all([store.clear(), ...kept.map((copy) => store.put(copy))]));
  }

  /** @returns {Promise<Draft | null>} */
  async draft() {
    return (await this.#use("readonly", "draft", (store) => store.get("current"))) ?? null;
  }

  /** @param {Draft} draft */
  async saveDraft(draft) {
    if (this.#left.has(draft.response)) {
      return undefined;
    }
    return this.#use("readwrite", "draft", (store) => store.put(draft, "current"));
  }

  dropDraft() {
    return this.#use("readwrite", "draft", (store) => store.delete("current"));
  }

  /** @returns {Promise<Job[]>} */
  async jobs() {
    return (await this.#use("readonly", "jobs", (store) => store.getAll())) ?? [];
  }

  /**
   * @param {Job} job
   * @returns {Promise<boolean>}  whether it survives a reload
   */
  async putJob(job) {
    return (await this.#use("readwrite", "jobs", (store) => store.put(job))) !== undefined;
  }

  /**
   * Put these jobs before anything else that waits to be written: the page goes away, and what is begun now is all that will be.
   * @param {readonly Job[]} jobs
   */
  putJobsNow(jobs) {
    try {
      const transaction = this.db?.transaction("jobs", "readwrite", { durability: "strict" });
      const store = transaction?.objectStore("jobs");
      for (const job of jobs) {
        store?.put(job).catch(() => undefined);
      }
      transaction?.done.catch(() => undefined);
      transaction?.commit?.();
    } catch {
      // A dead connection cannot be opened again in the moment that is left; each job was put when it was made.
    }
  }

  /** @param {Job} job */
  deleteJob(job) {
    return this.#use("readwrite", "jobs", (store) => store.delete([job.response, job.resource]));
  }

  /**
   * One transaction after the other, in the order asked for; a dead connection is opened again once, a hanging one by the next who asks.
   * @param {"readonly" | "readwrite"} mode
   * @param {keyof typeof STORES} name
   * @param {(store: any) => Promise<any>} work
   * @returns {Promise<any>}
   */
  #use(mode, name, work) {
    const run = async () => {
      for (const again of [true, false]) {
        try {
          if (!this.db) {
            await this.open();
          }
          const transaction = this.db.transaction(name, mode, { durability: "strict" });
          const working = work(transaction.objectStore(name));
          // Without being told, the browser waits for this page to hear of the writing before it ends it: a page that goes away never does.
          transaction.commit?.();
          const done = Promise.all([working, transaction.done]).finally(() => {
            this.#hangs = false;
          });
          const [result] = await this.#inTime(done, mode === "readonly" ? OPENING_MS : WRITING_MS);
          this.keeps = true;
          return result;
        } catch {
          this.db?.close();
          this.db = null;
          if (!again || this.#hangs) {
            this.keeps = false;
            break;
          }
        }
      }
      return undefined;
    };
    this.queue = this.queue.then(run, run);
    return this.queue;
  }
}
