import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

// What the outbox asks of a browser, and no more.
Object.assign(globalThis, { window: new EventTarget(), document: new EventTarget() });
const { Outbox } = await import("../../static/js/outbox.js");

/** @typedef {import("../../static/js/outbox_rules.js").Job} Job */

const BUSY = { status: 503, body: null, type: "text/html", receipt: null, retryAfter: "30", date: null };
const DOWN = { ...BUSY, retryAfter: null };

afterEach(() => mock.timers.reset());

/**
 * An outbox with one mark in it, that has been answered once; how often it was sent, and the way to let time pass.
 * @param {typeof DOWN | typeof BUSY} answer
 */
async function answered(answer) {
  mock.timers.enable({ apis: ["setTimeout"] });
  let sent = 0;
  const send = async () => {
    sent += 1;
    return answer;
  };
  const api = { send };
  const tablet = {
    keeps: true,
    jobs: async () => [],
    putJob: async () => true,
    deleteJob: async () => undefined,
    putJobsNow: () => undefined,
  };
  const outbox = new Outbox(/** @type {any} */ (api), /** @type {any} */ (tablet));
  const stop = new AbortController();
  await outbox.start(stop.signal);
  outbox.put({ response: "ada", resource: "marks/m1", method: "PUT", rev: 1, body: "{}", token: "t" });
  await settle();
  const pass = async (/** @type {number} */ ms) => {
    mock.timers.tick(ms);
    await settle();
  };
  const end = async () => {
    await settle(); // or the next wait were a real one
    stop.abort();
  };
  return { outbox, pass, end, sent: () => sent };
}

/** Let all that is promised be done; hashing takes a thread, and one after the other. */
async function settle() {
  await crypto.subtle.digest("SHA-256", new Uint8Array(1));
  await crypto.subtle.digest("SHA-256", new Uint8Array(1));
  for (let n = 0; n < 5; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a page that is looked at again waits as long as the server asked", async () => {
  const { pass, end, sent } = await answered(BUSY);
  assert.equal(sent(), 1);
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(sent(), 1);
  await pass(29_000);
  assert.equal(sent(), 1);
  await pass(17_000);
  assert.equal(sent(), 2, "and then comes back by itself");
  await end();
});

test("handing in waits as long as the server asked, too", async () => {
  const { outbox, end, sent } = await answered(BUSY);
  outbox.retrySoon();
  await settle();
  assert.equal(sent(), 1);
  await end();
});

test("a network that is there again is tried at once, whoever asked for what on the other", async () => {
  const { end, sent } = await answered(BUSY);
  window.dispatchEvent(new Event("online"));
  await settle();
  assert.equal(sent(), 2);
  await end();
});

test("where nobody asked, a page that is looked at again tries at once", async () => {
  const { end, sent } = await answered(DOWN);
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(sent(), 2);
  await end();
});

test("what a proxy finds too large is kept and tried ever more seldom, and never given up", async () => {
  const { outbox, pass, end, sent } = await answered({ ...DOWN, status: 413 });
  for (let second = 0; second < 40 * 60; second += 1) {
    await pass(1_000);
  }
  assert.ok(sent() > 40 && sent() < 160, `${sent()} times in a lesson of 40 minutes`);
  assert.equal(outbox.stateOf("ada"), "tablet");
  assert.equal(outbox.jobsOf("ada").length, 1, "which the tablet tells the board");
  await end();
});
