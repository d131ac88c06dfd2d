import assert from "node:assert/strict";
import { test } from "node:test";

import { isNear, sizeFor } from "../../static/js/desk_scale.js";

test("marks are drawn one by one where the sight holds few of them", () => {
  assert.equal(isNear(1_000_000, { sight: 1, whole: 1 }), false);
  // a two-hundredth of the area, crowded: 1,000,000 / 200 · 4 = 20,000
  assert.equal(isNear(1_000_000, { sight: 1, whole: 200 }), true);
  assert.equal(isNear(1_000_000, { sight: 1, whole: 199 }), false);
  assert.equal(isNear(20_001, { sight: 2, whole: 1 }), false, "all of them are in sight");
});

test("hexagons are the smallest that can be told apart", () => {
  assert.equal(sizeFor(1), 25);
  assert.equal(sizeFor(25 / 12), 25);
  assert.equal(sizeFor(2.1), 50);
  assert.equal(sizeFor(20), 250);
  assert.equal(sizeFor(1000), 500);
});
