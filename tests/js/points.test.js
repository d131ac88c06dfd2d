import assert from "node:assert/strict";
import { test } from "node:test";
import { Points } from "../../static/js/modes/points.js";
import { HOME, SCHOOL, TROMSO } from "./places.js";

test("points are taken away from the last one, and come back in their order", () => {
  const points = new Points();
  points.put(HOME);
  points.put(SCHOOL);
  assert.ok(points.undo());
  assert.ok(points.undo());
  assert.ok(!points.undo());
  assert.ok(!points.canUndo);
  points.redo();
  assert.deepEqual(points.list, [HOME]);
  points.redo();
  assert.deepEqual(points.list, [HOME, SCHOOL]);
  assert.ok(!points.redo());
});

test("a new point takes the place of those that were taken away", () => {
  const points = new Points();
  points.put(HOME);
  points.undo();
  points.put(TROMSO);
  assert.deepEqual([points.list, points.canRedo], [[TROMSO], false]);
  points.clear();
  assert.deepEqual([points.list, points.canUndo, points.canRedo], [[], false, false]);
});
