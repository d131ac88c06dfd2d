/**
 * What the tablet keeps: the session (to go on after a reload) and jobs without a receipt. IndexedDB with strict durability, never
 * localStorage, which loses what it said it had; when the browser refuses, memory, and `keeps` says so.
 */

import { openDB } from "../vendor/idb-8.0.4/idb.js";

/** @typedef {import("./outbox_rules.js").Job} Job */

const NAME = "trakk";
const VERSION = 1;

/**
 * @typedef {object} Session   who sits at the tablet; holds no geometry
 * @property {{code?: string, token?: string}} entry    how they came in: the next pupil comes the same way
 * @property {string} response
 * @property {string | null} token        null until the join is answered
 * @property {any} joined                 the answer to the join
 * @property {string | null} language
 * @property {Record<string, {id: string, rev: number, cutM: number | null}>} ledger
 * @property {number} answersRev
 * @property {boolean} warmedUp
 */

export class Tablet {
  constructor() {
    /** Whether what is put here survives a reload. */
    this.keeps = true;
    /** @type {any} */
    this.db = null;
    /** @type {Promise<unknown>} */
    this.queue = Promise.resolve();
  }

  /** Open the database; a browser that refuses makes `keeps` false, and work goes on. */
  async open() {
    try {
      this.db = await openDB(NAME, VERSION, {
        upgrade(/** @type {any} */ db) {
          db.createObjectStore("jobs", { keyPath: ["response", "resource"] });
          db.createObjectStore("session");
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
      this.keeps = true;
    } catch {
      this.db = null;
      this.keeps = false;
    }
    return this;
  }

  /** @returns {Promise<Session | null>} */
  async session() {
    return (await this.#use("readonly", "session", (store) => store.get("current"))) ?? null;
  }

  /** @param {Session} session */
  saveSession(session) {
    return this.#use("readwrite", "session", (store) => store.put(session, "current"));
  }

  clearSession() {
    return this.#use("readwrite", "session", (store) => store.delete("current"));
  }

  /** @returns {Promise<Job[]>} */
  async jobs() {
    return (await this.#use("readonly", "jobs", (store) => store.getAll())) ?? [];
  }

  /** @param {Job} job */
  putJob(job) {
    return this.#use("readwrite", "jobs", (store) => store.put(job));
  }

  /** @param {Job} job */
  deleteJob(job) {
    return this.#use("readwrite", "jobs", (store) => store.delete([job.response, job.resource]));
  }

  /**
   * One transaction after the other, in the order asked for; a dead connection is opened again once.
   * @param {"readonly" | "readwrite"} mode
   * @param {"jobs" | "session"} name
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
          const result = await work(transaction.objectStore(name));
          await transaction.done;
          this.keeps = true;
          return result;
        } catch {
          this.db = null;
          if (!again) {
            this.keeps = false;
          }
        }
      }
      return undefined;
    };
    this.queue = this.queue.then(run, run);
    return this.queue;
  }
}
