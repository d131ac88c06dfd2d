import assert from "node:assert/strict";
import { test } from "node:test";
import { enqueue, isReceiptFor, nextJob, retryAfterMs, saveState, verdict, waitMs } from "../../static/js/outbox_rules.js";
import { dice } from "./places.js";

/** @typedef {import("../../static/js/outbox_rules.js").Job} Job */

/**
 * @param {Partial<Job>} [more]
 * @returns {Job}
 */
function job(more = {}) {
  return {
    response: "ada",
    resource: "marks/m1",
    method: "PUT",
    rev: 1,
    body: "{}",
    sha256: "abc",
    token: "t",
    tries: 0,
    attempted: false,
    held: false,
    refused: null,
    ...more,
  };
}

const RECEIPT = { id: "m1", rev: 1, sha256: "abc" };

/**
 * @param {number} status
 * @param {unknown} body
 * @param {string | null} [receipt]  the header
 */
function answer(status, body, receipt = null) {
  return { status, body, type: "application/json", receipt };
}

/**
 * Our own refusal.
 * @param {number} status
 * @param {string} [code]
 */
function problem(status, code = "some-code") {
  return { status, body: { type: `urn:trakk:problem:${code}`, status, code }, type: "application/problem+json", receipt: null };
}

const TABLET = { keepsOnTablet: true, isKeeping: false, online: true };

test("the newest revision wins and keeps its place in the queue", () => {
  const queue = enqueue(enqueue([job()], job({ resource: "marks/m2" })), job({ rev: 2, body: "new" }));
  assert.deepEqual(
    queue.map(({ resource, rev }) => [resource, rev]),
    [
      ["marks/m1", 2],
      ["marks/m2", 1],
    ],
  );
});

test("an older revision never replaces a newer one", () => {
  assert.equal(enqueue([job({ rev: 3 })], job({ rev: 2 }))[0].rev, 3);
});

test("two pupils' work on one tablet is kept apart", () => {
  assert.equal(enqueue([job()], job({ response: "bo", rev: 2 })).length, 2);
});

test("deleting what never left the tablet sends nothing", () => {
  assert.deepEqual(enqueue([job()], job({ method: "DELETE", rev: 2, body: null })), []);
});

test("deleting is sent when only the last change of a delivered mark never left the tablet", () => {
  const queue = enqueue(enqueue([], job({ rev: 2, held: true })), job({ method: "DELETE", rev: 3, body: null }));
  assert.deepEqual(
    queue.map(({ method, rev }) => [method, rev]),
    [["DELETE", 3]],
  );
  const unsent = enqueue(enqueue([], job()), job({ rev: 2 }));
  assert.deepEqual(enqueue(unsent, job({ method: "DELETE", rev: 3, body: null })), [], "nothing of this one was ever sent");
});

test("deleting what may have arrived is sent", () => {
  const queue = enqueue([job({ attempted: true })], job({ method: "DELETE", rev: 2, body: null }));
  assert.deepEqual(
    queue.map(({ method, rev, attempted }) => [method, rev, attempted]),
    [["DELETE", 2, true]],
  );
});

test("waiting grows to a minute, with jitter, and never under a second", () => {
  const random = dice(1);
  for (let tries = 1; tries < 12; tries += 1) {
    for (let n = 0; n < 200; n += 1) {
      const wait = waitMs(tries, random, null);
      assert.ok(wait >= 1000 && wait <= Math.min(60_000, 1000 * 2 ** tries), `${tries}: ${wait}`);
    }
  }
  const spread = Array.from({ length: 500 }, () => waitMs(10, random, null));
  assert.ok(Math.min(...spread) < 5000 && Math.max(...spread) > 55_000);
});

test("the server's Retry-After is the least, and those that it asked at once come back apart", () => {
  const random = dice(3);
  for (const [tries, asked] of [
    [1, 4_000],
    [1, 60_000],
    [1, 90_000],
    [6, 2_000],
  ]) {
    const waits = Array.from({ length: 300 }, () => waitMs(tries, random, asked));
    assert.ok(Math.min(...waits) >= asked, String(asked));
    const inTheSameSecond = waits.filter((wait) => wait < Math.min(...waits) + 1000).length;
    assert.ok(inTheSameSecond / 300 < (asked >= 60_000 ? 0.06 : 0.75), `${asked}: ${inTheSameSecond} of 300`);
  }
  assert.ok(waitMs(1, () => 0, 0) >= 1000, "at once is too soon");
  assert.ok(waitMs(9, () => 0.99, 864_000_000) <= 3_660_000, "whoever asks for days does not know what waits");
});

test("Retry-After is read in seconds, or as a date by the server's own clock", () => {
  assert.equal(retryAfterMs("7", null), 7000);
  assert.equal(retryAfterMs("Sat, 21 Nov 2026 12:00:30 GMT", "Sat, 21 Nov 2026 12:00:00 GMT"), 30_000);
  assert.equal(retryAfterMs("soon", null), null);
  assert.equal(retryAfterMs(null, null), null);
});

test("safe is a 200 or 201 with our own receipt, and nothing else", () => {
  assert.equal(verdict(job(), answer(201, RECEIPT)), "safe");
  assert.equal(verdict(job(), answer(200, RECEIPT)), "safe");
  assert.equal(verdict(job(), answer(200, null)), "retry");
  assert.equal(verdict(job(), answer(200, "<html>Logg inn på gjestenettet</html>")), "retry");
  assert.equal(verdict(job(), answer(200, { ...RECEIPT, sha256: "other" })), "retry");
  assert.equal(verdict(job({ rev: 2 }), answer(200, RECEIPT)), "retry");
  assert.equal(verdict(job(), answer(200, { ...RECEIPT, id: "m2" })), "retry");
  assert.equal(verdict(job(), answer(302, RECEIPT)), "retry");
});

test("the receipt of a newer revision is safe: what was said later has arrived before", () => {
  assert.equal(verdict(job(), answer(200, { ...RECEIPT, rev: 2, sha256: "of the newer" })), "safe");
  assert.equal(verdict(job(), answer(200, { id: "m1", rev: 2 })), "retry", "but it must be a receipt");
});

test("answers that hang on no mark are receipted with the response's id", () => {
  const answers = job({ resource: "answers", rev: 4 });
  assert.equal(isReceiptFor(answers, { id: "ada", rev: 4, sha256: "abc" }), true);
  assert.equal(isReceiptFor(answers, { id: "bo", rev: 4, sha256: "abc" }), false);
});

test("a browser that cannot hash still checks id and revision", () => {
  assert.equal(isReceiptFor(job({ sha256: null }), RECEIPT), true);
  assert.equal(isReceiptFor(job({ rev: 9, sha256: null }), RECEIPT), false);
});

test("what the server refuses is not sent again, what failed on the way is", () => {
  for (const status of [400, 401, 403, 404, 413, 422]) {
    assert.equal(verdict(job(), problem(status)), "refused", String(status));
  }
  for (const status of [408, 425, 429, 500, 502, 503, 504, 511]) {
    assert.equal(verdict(job(), problem(status)), "retry", String(status));
  }
  assert.equal(verdict(job(), problem(409)), "conflict");
  assert.equal(verdict(job(), problem(409, "mark-of-another")), "refused", "no revision would help");
  assert.equal(verdict(job(), problem(410)), "gone");
});

test("what somebody on the way says refuses nothing and takes nothing away", () => {
  const removal = job({ method: "DELETE", body: null, sha256: null });
  for (const status of [200, 204, 302, 400, 401, 403, 404, 409, 410, 413, 422, 451, 511]) {
    for (const body of [null, "<html>", {}, { status, code: "blocked" }, { type: "about:blank", status, code: "x" }]) {
      assert.equal(verdict(job(), answer(status, body)), "retry", String(status));
      assert.equal(verdict(removal, answer(status, body)), "retry", String(status));
    }
    const almost = { ...problem(status), type: "text/html" };
    assert.equal(verdict(job(), almost), "retry", "a page is no problem document");
  }
});

test("a deletion is done when its receipt comes, or when the thing is not there", () => {
  const removal = job({ method: "DELETE", rev: 3, body: null, sha256: null });
  assert.equal(verdict(removal, answer(204, null, "m1 3")), "safe");
  assert.equal(verdict(removal, answer(200, {}, "m1 3")), "safe");
  for (const receipt of [null, "", "m1", "m1 2", "m2 3", "m1 33"]) {
    assert.equal(verdict(removal, answer(204, null, receipt)), "retry", String(receipt));
  }
  assert.equal(verdict(removal, problem(404)), "safe");
  assert.equal(verdict(removal, problem(410)), "safe");
  assert.equal(verdict(removal, problem(409)), "conflict", "something newer is there: the child wants it gone");
  assert.equal(verdict(removal, problem(503)), "retry");
});

test("one that never gets through does not keep the others waiting", () => {
  const others = [job({ resource: "marks/m2" }), job({ resource: "finish", method: "POST" })];
  assert.equal(nextJob([job({ tries: 3 }), ...others])?.resource, "marks/m1", "in their order, as long as it is a matter of moments");
  assert.equal(nextJob([job({ tries: 4 }), ...others])?.resource, "marks/m2");
  assert.equal(nextJob([job({ tries: 9 }), job({ resource: "marks/m2", tries: 8 })])?.resource, "marks/m2", "then in turn");
});

test("a refused job lets the others pass", () => {
  const refused = job({ refused: { code: "outside", detail: "", status: 422 } });
  assert.equal(nextJob([refused, job({ resource: "marks/m2" })])?.resource, "marks/m2");
  assert.equal(nextJob([refused]), undefined);
});

test("what is held waits, and lets the others pass", () => {
  assert.equal(nextJob([job({ held: true }), job({ resource: "marks/m2" })])?.resource, "marks/m2");
  assert.equal(nextJob([job({ held: true })]), undefined);
  assert.equal(nextJob(enqueue([job({ held: true })], job({ rev: 2 })))?.rev, 2, "what comes unheld in its place is sent");
  assert.equal(saveState([job({ held: true })], "ada", TABLET), "saving");
});

test("the save state is honest", () => {
  assert.equal(saveState([], "ada", TABLET), "safe");
  assert.equal(saveState([job()], "ada", TABLET), "saving");
  assert.equal(saveState([job({ tries: 1 })], "ada", TABLET), "tablet");
  assert.equal(saveState([job()], "ada", { ...TABLET, online: false }), "tablet");
  assert.equal(saveState([job()], "ada", { ...TABLET, online: false, isKeeping: true }), "saving", "not before it is written");
  assert.equal(saveState([job({ tries: 1 })], "ada", { ...TABLET, keepsOnTablet: false }), "memory");
  assert.equal(saveState([job({ refused: { code: "x", detail: "", status: 422 } })], "ada", TABLET), "tablet");
});

test("another pupil's unsent work does not worry this one", () => {
  assert.equal(saveState([job({ response: "bo", tries: 3 })], "ada", TABLET), "safe");
});

test("the receipt of a response is safe for that response only", () => {
  const finish = job({ resource: "finish", method: "POST", body: "{}" });
  assert.equal(verdict(finish, answer(200, { response: finish.response, receipt: "ABCD" })), "safe");
  assert.equal(verdict(finish, answer(200, { response: "another", receipt: "ABCD" })), "retry");
  assert.equal(verdict(finish, answer(200, null)), "retry", "a guest network's page is no receipt");
  assert.equal(verdict(finish, problem(403)), "refused");
});
