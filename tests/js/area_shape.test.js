import assert from "node:assert/strict";
import { test } from "node:test";
import { addCorner, asText, cornersOf, moveCorner, removeCorner, shapeOf } from "../../static/js/area_shape.js";

const SQUARE = shapeOf({
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
      [0, 0],
    ],
    [
      [0.5, 0.5],
      [1, 0.5],
      [1, 1],
      [0.5, 0.5],
    ],
  ],
});

test("a ring stays closed when its first corner is moved, and holes stay", () => {
  const moved = moveCorner(SQUARE, 0, 0, [-1, -1]);
  assert.deepEqual(moved[0][0], [
    [-1, -1],
    [2, 0],
    [2, 2],
    [0, 2],
    [-1, -1],
  ]);
  assert.deepEqual(moved[0][1], SQUARE[0][1]);
  assert.deepEqual(SQUARE[0][0][0], [0, 0], "the one before is as it was, for undo");
});

test("a corner is put in after another and taken away again", () => {
  const more = addCorner(SQUARE, 0, 3, [-1, 1]);
  assert.deepEqual(more[0][0], [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [-1, 1],
    [0, 0],
  ]);
  assert.deepEqual(removeCorner(more, 0, 4), SQUARE);
});

test("a triangle keeps its corners", () => {
  const triangle = removeCorner(SQUARE, 0, 0);
  assert.deepEqual(triangle[0][0], [
    [2, 0],
    [2, 2],
    [0, 2],
    [2, 0],
  ]);
  assert.equal(removeCorner(triangle, 0, 1), triangle);
});

test("corners are told once each, of outer rings only; the text is a MultiPolygon", () => {
  assert.equal(cornersOf(SQUARE).length, 4);
  assert.deepEqual(JSON.parse(asText(SQUARE)), { type: "MultiPolygon", coordinates: SQUARE });
});
