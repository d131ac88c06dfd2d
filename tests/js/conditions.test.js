import assert from "node:assert/strict";
import { test } from "node:test";
import { isAsked, nextOf } from "../../static/js/conditions.js";

const FIRST = { code: "alone" };
const SECOND = { code: "why", condition: { question: "alone", answers: ["no", "sometimes"] } };
const THIRD = { code: "who", condition: { question: "why", answers: ["far"] } };
const ALL = [FIRST, SECOND, THIRD];

test("a question without a condition is asked, unless it is retired", () => {
  assert.equal(isAsked(FIRST, ALL, {}), true);
  assert.equal(isAsked({ ...FIRST, retired: true }, ALL, {}), false);
});

test("one with a condition is asked of who gave one of its answers", () => {
  assert.equal(isAsked(SECOND, ALL, {}), false);
  assert.equal(isAsked(SECOND, ALL, { alone: "yes" }), false);
  assert.equal(isAsked(SECOND, ALL, { alone: "sometimes" }), true);
});

test("of several answers one is enough", () => {
  assert.equal(isAsked(SECOND, ALL, { alone: ["yes", "no"] }), true);
  assert.equal(isAsked(SECOND, ALL, { alone: [] }), false);
});

test("what hangs on a question that is not asked is not asked, whatever was answered before", () => {
  assert.equal(isAsked(THIRD, ALL, { alone: "no", why: "far" }), true);
  assert.equal(isAsked(THIRD, ALL, { alone: "yes", why: "far" }), false);
});

test("a condition on a question that is gone is never met, and one on itself ends", () => {
  assert.equal(isAsked(SECOND, [SECOND], { alone: "no" }), false);
  const round = { code: "a", condition: { question: "a", answers: ["x"] } };
  assert.equal(isAsked(round, [round], { a: "x" }), false);
});

test("the next that is on, either way, and the ends when there is none", () => {
  const isOn = (/** @type {number} */ n) => n > 0;
  assert.equal(nextOf([1, 0, 0, 2], 0, 1, isOn), 3);
  assert.equal(nextOf([1, 0, 0, 2], 3, -1, isOn), 0);
  assert.equal(nextOf([1, 0], 0, 1, isOn), 2);
  assert.equal(nextOf([0, 1], 1, -1, isOn), -1);
});
