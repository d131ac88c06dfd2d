/**
 * Tablets without a screen: the page's own ledger and outbox, driven by dice, with waits made short. Reads what to do as JSON on stdin,
 * and prints what each child meant, what was said of it, and what was left unsaid when the time was over.
 */

import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const later = globalThis.setTimeout;
/** A request may take as long as it takes; waiting between two tries is what is made short. Node's own timers pass something on. */
globalThis.setTimeout = (run, ms = 0, ...rest) => later(run, rest.length > 0 ? ms : ms === 20_000 ? asked.timeoutMs : ms / asked.faster, ...rest);
globalThis.window = new EventTarget();
globalThis.document = new EventTarget();
globalThis.navigator ??= { onLine: true };

const { createApi } = await import("../../static/js/api.js");
const { reconcile } = await import("../../static/js/ledger.js");
const { Outbox } = await import("../../static/js/outbox.js");
const { dice } = await import("../js/places.js");

const random = dice(asked.seed);
Math.random = random;
const pick = (list) => list[Math.floor(random() * list.length)];
const pause = (ms) => new Promise((resolve) => later(resolve, ms));
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Storage as in tablet.js, but in memory: what a browser does with it is tried in a browser. */
class Memory {
  keeps = true;
  kept = new Map();
  async jobs() {
    return [...this.kept.values()];
  }
  async putJob(job) {
    this.kept.set(job.resource, job);
    return true;
  }
  async deleteJob(job) {
    this.kept.delete(job.resource);
  }
  putJobsNow() {}
}

class Child {
  constructor({ response, token, lon, lat }) {
    Object.assign(this, { response, token, lon, lat, marks: [], ledger: {}, answersRev: 0, answers: {}, finished: null });
    /** Every body that was ever handed to the network: "resource rev" to its hashes. */
    this.said = {};
    this.refused = [];
    /** When what has no receipt yet was done, by resource; and the longest, in ms, that anything has waited for one. */
    this.waiting = new Map();
    this.slowest = 0;
    const api = createApi(asked.root);
    const send = api.send;
    api.send = async (job, options) => {
      const hash = job.body === null ? null : hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(job.body)));
      this.said[`${job.resource} ${job.rev}`] = [...new Set([...(this.said[`${job.resource} ${job.rev}`] ?? []), hash])];
      return send(job, options);
    };
    this.outbox = new Outbox(api, new Memory());
    this.outbox.addEventListener("revised", ({ detail }) => this.outranked(detail));
    this.outbox.addEventListener("refused", ({ detail }) => this.refused.push([detail.resource, detail.refused]));
    this.outbox.addEventListener("finished", ({ detail }) => {
      this.finished = detail.receipt;
    });
    this.outbox.addEventListener("change", () => this.clock());
  }

  /** What is not in the queue any more is safe. */
  clock() {
    const queued = new Set(this.outbox.jobsOf(this.response).map((job) => job.resource));
    for (const [resource, since] of this.waiting) {
      if (!queued.has(resource)) {
        this.waiting.delete(resource);
        this.slowest = Math.max(this.slowest, performance.now() - since);
      }
    }
  }

  outranked(job) {
    this.answersRev = job.resource === "answers" ? Math.max(this.answersRev, job.rev) : this.answersRev;
    for (const entry of Object.values(this.ledger)) {
      entry.rev = job.resource === `marks/${entry.id}` ? Math.max(entry.rev, job.rev) : entry.rev;
    }
  }

  put(resource, method, rev, body) {
    this.waiting.set(resource, this.waiting.get(resource) ?? performance.now());
    this.outbox.put({ response: this.response, token: this.token, resource, method, rev, body });
  }

  /** One thing that a child does. */
  act(number) {
    const what = random();
    const comment = `${this.response.slice(0, 8)} ${number}`;
    const free = asked.categories.filter(({ code, most }) => this.marks.filter((mark) => mark.category === code).length < most);
    const share = (part) => asked.answering + part * (1 - asked.answering);
    if (what < asked.answering) {
      this.answersRev += 1;
      this.answers = { [asked.question]: comment };
      this.put("answers", "PUT", this.answersRev, JSON.stringify({ rev: this.answersRev, answers: this.answers }));
    } else if (what < share(0.5) && free.length > 0) {
      const coordinates = [this.lon, this.lat].map((middle) => Number((middle + (random() - 0.5) * 0.004).toFixed(6)));
      const geometry = { type: "Point", coordinates };
      this.marks = [...this.marks, { key: crypto.randomUUID(), category: pick(free).code, geometry, mode: null, comment, answers: {} }];
    } else if (what < share(0.83) || this.marks.length === 0) {
      const changed = pick(this.marks);
      this.marks = this.marks.map((mark) => (mark === changed ? { ...mark, comment } : mark));
    } else {
      const gone = pick(this.marks);
      this.marks = this.marks.filter((mark) => mark !== gone);
    }
    const { ledger, messages } = reconcile(this.ledger, this.marks, () => crypto.randomUUID());
    this.ledger = ledger;
    for (const { method, id, rev, body } of messages) {
      this.put(`marks/${id}`, method, rev, body);
    }
  }

  async live() {
    await this.outbox.start(new AbortController().signal);
    for (let number = 0; number < asked.steps; number += 1) {
      this.act(number);
      await pause(random() * asked.pauseMs);
    }
    this.put("finish", "POST", 1, "{}");
    const until = Date.now() + asked.patienceMs;
    while (this.outbox.jobsOf(this.response).length > 0 && Date.now() < until) {
      await pause(20);
    }
  }

  tell() {
    const marks = this.marks.map(({ key, ...mark }) => ({ id: this.ledger[key].id, ...mark }));
    const deleted = Object.values(this.ledger).filter((entry) => entry.said === null);
    const unsaid = this.outbox.jobsOf(this.response).map(({ resource, rev, refused }) => [resource, rev, refused]);
    const { response, token, answers, said, finished, slowest } = this;
    return { response, token, marks, deleted: deleted.map(({ id }) => id), answers, said, finished, unsaid, refused: this.refused, slowest };
  }
}

const children = asked.children.map((child) => new Child(child));
await Promise.all(children.map((child) => child.live()));
process.stdout.write(JSON.stringify(children.map((child) => child.tell())), () => process.exit(0));
