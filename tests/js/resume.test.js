import assert from "node:assert/strict";
import { test } from "node:test";
import { reconcile } from "../../static/js/ledger.js";
import { restore } from "../../static/js/resume.js";
import { HOME, SCHOOL } from "./places.js";

const ZONE = { centre: HOME, radiusM: 250 };

/** @typedef {import("../../static/js/outbox_rules.js").Job} Job */

const CATEGORIES = new Map([
  ["fint", { code: "fint", kind: "place" }],
  ["skoleveg", { code: "skoleveg", kind: "route" }],
]);

/**
 * @param {string} id
 * @param {number} rev
 * @param {object} [properties]
 */
const feature = (id, rev, properties = {}) => ({
  type: "Feature",
  id,
  rev,
  geometry: { type: "Point", coordinates: HOME },
  properties: { category: "fint", mode: null, comment: null, answers: {}, ...properties },
});

/**
 * @param {Partial<Job>} more
 * @returns {Job}
 */
const job = (more) => ({
  response: "ada",
  resource: "marks/a",
  method: "PUT",
  rev: 1,
  body: null,
  sha256: null,
  token: "t",
  tries: 0,
  attempted: true,
  held: false,
  refused: null,
  ...more,
});

/**
 * @param {Partial<import("../../static/js/tablet.js").Session>} [more]
 * @returns {import("../../static/js/tablet.js").Session}
 */
const session = (more = {}) => ({
  entry: {},
  response: "ada",
  token: "t",
  joined: {},
  language: "nb",
  ledger: {},
  answersRev: 0,
  warmedUp: true,
  receipt: null,
  ...more,
});

const nextId = () => "new-id";

test("what the server has is shown and not sent again", () => {
  const mine = { marks: [feature("a", 3, { comment: "Fint" })], answers: { rev: 2, answers: { lov_a_ga: "ja" } } };
  const restored = restore({ mine, copies: [], jobs: [], session: session(), categories: CATEGORIES });
  assert.deepEqual(
    restored.marks.map(({ category, comment }) => [category, comment]),
    [["fint", "Fint"]],
  );
  assert.deepEqual([restored.answers, restored.answersRev], [{ lov_a_ga: "ja" }, 2]);
  assert.deepEqual(reconcile(restored.ledger, restored.marks, nextId).messages, []);
});

test("a change after the reload goes on from the server's revision", () => {
  const restored = restore({ mine: { marks: [feature("a", 3)] }, copies: [], jobs: [], session: session(), categories: CATEGORIES });
  const { messages } = reconcile(restored.ledger, [{ ...restored.marks[0], comment: "Ny" }], nextId);
  assert.deepEqual(
    messages.map(({ id, rev }) => [id, rev]),
    [["a", 4]],
  );
});

test("what was not delivered lies over what the server has", () => {
  const body = JSON.stringify({ ...feature("a", 4, { comment: "Nyest" }) });
  const restored = restore({
    mine: { marks: [feature("a", 3)] },
    copies: [],
    jobs: [job({ rev: 4, body })],
    session: session(),
    categories: CATEGORIES,
  });
  assert.equal(restored.marks[0].comment, "Nyest");
  assert.equal(Object.values(restored.ledger)[0].rev, 4);
});

test("an undelivered deletion is still a deletion", () => {
  const jobs = [job({ method: "DELETE", rev: 4 })];
  assert.deepEqual(restore({ mine: { marks: [feature("a", 3)] }, copies: [], jobs, session: session(), categories: CATEGORIES }).marks, []);
});

test("without the server the undelivered is shown, and nothing is taken for deleted", () => {
  const body = JSON.stringify(feature("a", 1));
  const known = session({ ledger: { k1: { id: "a", rev: 1, zones: [] }, k2: { id: "b", rev: 5, zones: [ZONE] } } });
  const restored = restore({ mine: null, copies: [], jobs: [job({ body })], session: known, categories: CATEGORIES });
  assert.deepEqual(
    restored.marks.map((mark) => mark.key),
    ["k1"],
  );
  assert.deepEqual(reconcile(restored.ledger, restored.marks, nextId).messages, []);
  assert.deepEqual(restored.ledger.k2.zones, [ZONE]);
});

test("a way keeps its key and its zones, and is not cut once more", () => {
  const line = { type: "LineString", coordinates: [HOME, SCHOOL] };
  const mine = {
    marks: [{ ...feature("a", 2), geometry: line, properties: { category: "skoleveg", mode: "ga", comment: "", answers: {} } }],
  };
  const known = session({ ledger: { way: { id: "a", rev: 2, zones: [ZONE] } } });
  const restored = restore({ mine, copies: [], jobs: [], session: known, categories: CATEGORIES });
  assert.deepEqual([restored.marks[0].key, restored.marks[0].geometry, restored.marks[0].drawn], ["way", line, null]);
  assert.deepEqual(restored.ledger.way.zones, [ZONE]);
});

test("undelivered answers win over the server's", () => {
  const jobs = [job({ resource: "answers", rev: 7, body: JSON.stringify({ rev: 7, answers: { dager_ute: 3 } }) })];
  const restored = restore({
    mine: { marks: [], answers: { rev: 6, answers: { dager_ute: 1 } } },
    copies: [],
    jobs,
    session: session(),
    categories: CATEGORIES,
  });
  assert.deepEqual([restored.answers, restored.answersRev], [{ dager_ute: 3 }, 7]);
});

test("a mark of a category that the survey no longer has is left alone", () => {
  const mine = { marks: [feature("a", 1, { category: "gone" })] };
  assert.deepEqual(restore({ mine, copies: [], jobs: [], session: session(), categories: CATEGORIES }).marks, []);
});

test("without the server, what was said before is shown under what is not delivered, and neither is sent again", () => {
  const copies = [
    job({ rev: 2, body: JSON.stringify(feature("a", 2, { comment: "Trygt" })) }),
    job({ resource: "marks/b", rev: 1, body: JSON.stringify(feature("b", 1)) }),
    job({ resource: "answers", rev: 3, body: JSON.stringify({ rev: 3, answers: { dager_ute: 2 } }) }),
  ];
  const jobs = [
    job({ rev: 3, body: JSON.stringify(feature("a", 3, { comment: "Ikke sendt" })) }),
    job({ resource: "finish", method: "POST", body: "{}" }),
  ];
  const restored = restore({ mine: null, copies, jobs, session: session(), categories: CATEGORIES });
  assert.deepEqual(
    restored.marks.map(({ key, comment }) => [key, comment]),
    [
      ["a", "Ikke sendt"],
      ["b", ""],
    ],
  );
  assert.deepEqual([restored.answers, restored.answersRev], [{ dager_ute: 2 }, 3]);
  assert.deepEqual(reconcile(restored.ledger, restored.marks, nextId).messages, []);
});

test("a copy is nothing against what the server says", () => {
  const copies = [job({ body: JSON.stringify(feature("a", 1)) })];
  assert.deepEqual(restore({ mine: { marks: [] }, copies, jobs: [], session: session(), categories: CATEGORIES }).marks, []);
});

test("what the server has of a later moment is not covered by what the tablet kept before", () => {
  const session = /** @type {any} */ ({ answersRev: 1, ledger: { k: { id: "a", rev: 4, zones: [] } } });
  const older = { type: "Feature", rev: 4, ...feature("a", 4, { comment: "Her er det f" }) };
  const jobs = [
    job({ resource: "marks/a", rev: 4, body: JSON.stringify(older) }),
    job({ resource: "answers", rev: 1, body: '{"rev":1,"answers":{"q":"f"}}' }),
  ];
  const mine = { marks: [feature("a", 5, { comment: "Her er det fint" })], answers: { rev: 2, answers: { q: "fint" } } };
  const { marks, answers, answersRev, ledger } = restore({ mine, copies: [], jobs, session, categories: CATEGORIES });
  assert.equal(marks[0].comment, "Her er det fint");
  assert.deepEqual([answers, answersRev, ledger.k.rev], [{ q: "fint" }, 2, 5]);
});
