import assert from "node:assert/strict";
import { test } from "node:test";

// What the outbox asks of a browser, and no more.
Object.assign(globalThis, { window: new EventTarget(), document: new EventTarget() });
const { Outbox } = await import("../../static/js/outbox.js");
const { restore } = await import("../../static/js/resume.js");
const { newSession } = await import("../../static/js/tablet.js");
const { Work } = await import("../../static/js/work.js");

/** @typedef {import("../../static/js/outbox_rules.js").Job} Job */

const FINT = { code: "fint", kind: "place", limits: { max: 5 } };
const CATEGORIES = new Map([["fint", FINT]]);
const BUNDLE = {
  categories: [FINT],
  public_places: { type: "FeatureCollection", features: [] },
  limits: { max_marks: 10 },
  trim_m: [100, 400],
};
const DOWN = { status: 503, body: null, type: "text/html", receipt: null, retryAfter: null, date: null };

/** The tablet's store: what is put there is a copy, and is there for the next page. */
class Store {
  keeps = true;
  queue = Promise.resolve();
  /** @type {any} */
  session = null;
  /** @type {Map<string, any>} */
  copies = new Map();
  /** @type {Map<string, any>} */
  kept = new Map();

  async jobs() {
    return [...this.kept.values()].map((job) => structuredClone(job));
  }
  async putJob(/** @type {Job} */ job) {
    this.kept.set(job.resource, structuredClone(job));
    return true;
  }
  async deleteJob(/** @type {Job} */ job) {
    this.kept.delete(job.resource);
  }
  putJobsNow(/** @type {Job[]} */ jobs) {
    for (const job of jobs) this.kept.set(job.resource, structuredClone(job));
  }
  async saveSession(/** @type {any} */ session) {
    this.session = structuredClone(session);
  }
  async putCopy(/** @type {any} */ copy) {
    if (copy.method === "DELETE") this.copies.delete(copy.resource);
    else this.copies.set(copy.resource, structuredClone(copy));
  }
  async replaceCopies(/** @type {any[]} */ copies) {
    this.copies = new Map(copies.map((copy) => [copy.resource, structuredClone(copy)]));
    return [];
  }
  async saveDraft() {}
  async dropDraft() {}
}

/**
 * A page over a store.
 * @param {Store} store
 * @param {any} mine  what the server says of the pupil; null without a network
 * @param {(job: Job, options?: {keepalive?: boolean}) => Promise<any>} send
 */
async function page(store, mine, send) {
  const stop = new AbortController();
  const outbox = new Outbox(/** @type {any} */ ({ send }), /** @type {any} */ (store));
  await outbox.start(stop.signal);
  const known = { entry: {}, language: "nb", response: "ada", token: "t", joined: { school: {} } };
  const session = store.session ?? newSession(known);
  const copies = [...store.copies.values()];
  const restored = restore({ mine, copies, jobs: outbox.jobsOf("ada"), session, categories: CATEGORIES });
  session.answersRev = restored.answersRev;
  const work = new Work({ bundle: BUNDLE, session, outbox, tablet: /** @type {any} */ (store), restored });
  work.listen(stop.signal);
  // one that waits to try again would wait for ever
  const close = async () => {
    stop.abort();
    await outbox.handOver();
  };
  return { work, outbox, restored, session, close };
}

/**
 * A server that takes everything; what it has of ada.
 * @param {Map<string, any>} has
 */
const taking = (has) => async (/** @type {Job} */ job) => {
  if (job.resource === "finish") {
    return { ...DOWN, status: 200, type: "application/json", body: { response: "ada", receipt: "WXYZ" } };
  }
  has.set(job.resource, job.body === null ? null : JSON.parse(job.body));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(job.body ?? ""));
  const sha256 = Buffer.from(digest).toString("hex");
  const id = job.resource.startsWith("marks/") ? job.resource.slice("marks/".length) : "ada";
  return { ...DOWN, status: 200, type: "application/json", body: { id, rev: job.rev, sha256 }, receipt: `${id} ${job.rev}` };
};

/** @param {number} status  @param {string} code  @param {string} [pointer] */
const problem = (status, code, pointer) => ({
  ...DOWN,
  status,
  type: "application/problem+json",
  body: { type: `urn:trakk:problem:${code}`, status, code, detail: "", pointer },
});

// Sums are done on other threads, as late as a busy machine likes; all else here takes turns on this one.
let sums = 0;
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = async (...given) => {
  sums += 1;
  try {
    return await digest(...given);
  } finally {
    sums -= 1;
  }
};

/** Until all that was begun is done: a few turns in which no sum was being done. */
async function rest() {
  for (let turns = 0; turns < 5; turns = sums > 0 ? 0 : turns + 1) await new Promise((resolve) => setImmediate(resolve));
}

/** @param {Store} store  @param {Map<string, any>} has */
async function handedIn(store, has) {
  const first = await page(store, { marks: [] }, taking(has));
  first.work.addPlace(FINT, [10, 60]);
  first.work.answer("lov_a_ga", "ja");
  first.work.answer("trygg", "nei");
  first.work.finish();
  await rest();
  assert.equal(first.work.finishing, "done");
  assert.equal(store.copies.size, 0, "what is safe goes");
  return first;
}

test("what was handed in is not taken for nothing when the page comes back without a network", async () => {
  const store = new Store();
  const first = await handedIn(store, new Map());
  await first.close();
  const back = await page(store, null, taking(new Map()));
  assert.equal(back.restored.isWhole, false);
  await back.close();
  const known = await page(store, { marks: [], answers: { rev: 2, answers: { trygg: "nei" } } }, taking(new Map()));
  assert.equal(known.restored.isWhole, true);
  await known.close();
});

test("who draws on after handing in has all of it after a reload without a network, and no answer is lost", async () => {
  const store = new Store();
  const has = new Map();
  const first = await handedIn(store, has);
  first.work.reopen();
  first.work.addPlace(FINT, [10, 60.1]);
  await rest();
  await first.close();
  const back = await page(store, null, taking(has));
  assert.equal(back.restored.isWhole, true);
  assert.equal(back.work.marks.length, 2);
  back.work.answer("hvor_ofte", "ofte");
  await rest();
  assert.deepEqual(has.get("answers").answers, { lov_a_ga: "ja", trygg: "nei", hvor_ofte: "ofte" });
  await back.close();
});

test("answers that were said and lie nowhere on the tablet are not written over", async () => {
  const store = new Store();
  const first = await page(store, { marks: [] }, taking(new Map()));
  first.work.answer("trygg", "nei");
  await rest();
  await first.close();
  store.copies.delete("answers"); // a full store took the session and not the copy
  const back = await page(store, null, taking(new Map()));
  assert.equal(back.restored.isWhole, false);
  await back.close();
});

test("who has taken up answers by the receipt is told to wait until they are there", async () => {
  const store = new Store();
  store.session = newSession({ entry: {}, language: "nb", response: "ada", token: "t", joined: { school: {} }, copied: false });
  const opened = await page(store, null, taking(new Map()));
  assert.equal(opened.restored.isWhole, false);
  await opened.close();
});

test("a mark that was deleted elsewhere and is still seen here is sent as a new one", async () => {
  const store = new Store();
  const has = new Map();
  /** @type {string[]} */
  const buried = [];
  const { work, close } = await page(store, { marks: [] }, async (job) => {
    if (buried.includes(job.resource)) return problem(410, "mark-deleted");
    return taking(has)(job);
  });
  const mark = work.addPlace(FINT, [10, 60]);
  await rest();
  const [first] = has.keys();
  buried.push(first);
  work.change(mark.key, { comment: "Her er det fint" });
  await rest();
  assert.equal(work.saveState, "safe");
  const [, second] = has.keys();
  assert.notEqual(second, first);
  assert.deepEqual([has.get(second).rev, has.get(second).properties.comment], [1, "Her er det fint"]);
  assert.deepEqual([...store.copies.keys()], [second], "the copy follows");
  work.change(mark.key, { comment: "Enda finere" });
  await rest();
  assert.deepEqual([has.size, has.get(second).rev, has.get(second).properties.comment], [2, 2, "Enda finere"]);
  work.remove(mark.key);
  await rest();
  assert.equal(has.get(second), null);
  await close();
});

test("a mark that this tablet has deleted itself stays deleted, whatever comes of an earlier revision", async () => {
  const has = new Map();
  /** @type {(answer: any) => void} */
  let answer = () => undefined;
  const { work, outbox, close } = await page(new Store(), { marks: [] }, (job) =>
    job.method === "PUT" ? new Promise((resolve) => (answer = resolve)) : taking(has)(job),
  );
  const mark = work.addPlace(FINT, [10, 60]);
  await rest();
  work.remove(mark.key);
  answer(problem(410, "mark-deleted"));
  await rest();
  assert.deepEqual([work.marks.length, outbox.jobsOf("ada").length, [...has.values()]], [0, 0, [null]]);
  await close();
});

test("answers that are refused are told of, and which of them it is", async () => {
  const { work, close } = await page(new Store(), { marks: [] }, async () => problem(422, "invalid-answer", "/answers/dager_ute"));
  let told = 0;
  work.addEventListener("trouble", () => {
    told += 1;
  });
  work.answer("lov_a_ga", "ja");
  work.answer("dager_ute", 99);
  await rest();
  assert.ok(told > 0);
  assert.equal(work.answersTrouble?.code, "invalid-answer");
  assert.deepEqual([work.isRefused("dager_ute"), work.isRefused("lov_a_ga"), work.isRefused("dager")], [true, false, false]);
  work.answer("dager_ute", 5);
  assert.equal(work.answersTrouble, null, "answered anew, it is asked again");
  await close();
});

test("what was sent when the page seemed to go is removed there, too, if the page lives on", async () => {
  /** @type {string[]} */
  const sent = [];
  const { work, outbox, close } = await page(new Store(), { marks: [] }, async (job, options) => {
    sent.push(`${job.method} ${options?.keepalive ? "goodbye" : ""}`);
    if (options?.keepalive) return DOWN;
    throw new TypeError("no network");
  });
  work.addPlace(FINT, [10, 60]);
  await rest();
  const mark = work.addPlace(FINT, [10, 61]);
  await rest();
  window.dispatchEvent(new Event("pagehide"));
  assert.equal(sent.filter((one) => one === "PUT goodbye").length, 2);
  work.remove(mark.key);
  assert.deepEqual(
    outbox.jobsOf("ada").map((job) => job.method),
    ["PUT", "DELETE"],
  );
  await close();
});
