import assert from "node:assert/strict";
import { test } from "node:test";
import { insertHandle, moveHandle, removeHandle, shapeOf } from "../../static/js/shape.js";

/** A plane on which a position is a pixel. */
const same = (/** @type {import("geojson").Position} */ [x, y]) => /** @type {[number, number]} */ ([x, y]);

/** A finger's line with a bend at 100, 100: a position every ten pixels, and some trembling. */
const FINGER = /** @type {import("geojson").Position[]} */ ([
  ...Array.from({ length: 11 }, (_, i) => [i * 10, i * 10 + (i % 2)]),
  ...Array.from({ length: 10 }, (_, i) => [110 + i * 10, 90 - i * 10]),
]);
const SQUARE = /** @type {import("geojson").Position[]} */ ([
  [0, 0],
  [100, 0],
  [100, 100],
  [0, 100],
]);

test("a finger's line gets handles at its ends and its bend, not at its trembling", () => {
  const { line, at } = shapeOf(FINGER, false, same, 50);
  assert.deepEqual(
    at.map((index) => line[index]),
    [
      [0, 0],
      [100, 100],
      [200, 0],
    ],
  );
});

test("every point that was tapped has a handle, also on a straight stretch", () => {
  const line = [0, 100, 200, 300].map((x) => [x, 0]);
  assert.deepEqual(shapeOf(line, false, same, 50).at, [0, 1, 2, 3]);
});

test("handles are never nearer to each other than a fingertip", () => {
  const zigzag = Array.from({ length: 60 }, (_, i) => [i * 12, i % 2 ? 80 : 0]);
  const { line, at } = shapeOf(zigzag, false, same, 52);
  assert.ok(at.length > 4);
  for (const a of at) {
    for (const b of at) {
      assert.ok(a === b || Math.hypot(line[a][0] - line[b][0], line[a][1] - line[b][1]) >= 52, `${a} and ${b}`);
    }
  }
});

test("a ring has three handles however small it is on the screen", () => {
  const tiny = SQUARE.map(([x, y]) => [x / 20, y / 20]);
  assert.equal(shapeOf(tiny, true, same, 52).at.length, 3);
  assert.deepEqual(shapeOf(SQUARE, true, same, 52).at, [0, 1, 2, 3]);
});

test("moving a handle takes its surroundings along and leaves its neighbours where they are", () => {
  const shape = shapeOf(FINGER, false, same, 50);
  const moved = moveHandle(shape, 1, [100, 140]);
  assert.deepEqual(moved.line[10], [100, 140]);
  assert.deepEqual([moved.line[0], moved.line[20]], [FINGER[0], FINGER[20]]);
  assert.deepEqual(moved.line[5], [50, 51 + 20]);
  assert.deepEqual(shape.line, FINGER, "the shape before is as it was");
});

test("moving a corner of a ring bends both of its sides, also past the first position", () => {
  const round = /** @type {import("geojson").Position[]} */ ([
    [0, 0],
    [50, 0],
    [100, 0],
    [100, 100],
    [0, 100],
    [0, 50],
  ]);
  const shape = { line: round, at: [0, 2, 3, 4], isRing: true };
  assert.deepEqual(moveHandle(shape, 0, [-20, -20]).line, [
    [-20, -20],
    [40, -10],
    [100, 0],
    [100, 100],
    [0, 100],
    [-10, 40],
  ]);
});

test("a handle that is taken away leaves a straight line between its neighbours", () => {
  const shape = shapeOf(FINGER, false, same, 50);
  const left = removeHandle(shape, 1);
  assert.deepEqual(left && { line: left.line, at: left.at }, { line: [FINGER[0], FINGER[20]], at: [0, 1] });
});

test("taking the first handle away makes the next one the beginning", () => {
  const shape = shapeOf(FINGER, false, same, 50);
  const left = removeHandle(shape, 0);
  assert.deepEqual(left?.line, FINGER.slice(10));
  assert.deepEqual(left?.at, [0, 10]);
});

test("two ends of a line and three corners of a ring stay", () => {
  assert.equal(removeHandle({ line: SQUARE.slice(0, 2), at: [0, 1], isRing: false }, 0), null);
  assert.equal(removeHandle({ line: SQUARE.slice(0, 3), at: [0, 1, 2], isRing: true }, 1), null);
});

test("a new handle comes half-way to the next, and at a line's end half-way back", () => {
  const line = SQUARE.slice(0, 2);
  const made = insertHandle({ line, at: [0, 1], isRing: false }, 0);
  assert.deepEqual([made.shape.line[1], made.handle], [[50, 0], 1]);
  assert.deepEqual(made.shape.at, [0, 1, 2]);
  assert.deepEqual(insertHandle({ line, at: [0, 1], isRing: false }, 1).shape.line[1], [50, 0]);
  const ring = insertHandle({ line: SQUARE, at: [0, 1, 2, 3], isRing: true }, 3);
  assert.deepEqual([ring.shape.line[4], ring.handle, ring.shape.at], [[0, 50], 4, [0, 1, 2, 3, 4]]);
});

test("where a finger drew, a new handle takes hold of what was drawn", () => {
  const made = insertHandle(shapeOf(FINGER, false, same, 50), 0);
  assert.equal(made.shape.line.length, FINGER.length);
  assert.deepEqual(made.shape.at, [0, 5, 10, 20]);
});
