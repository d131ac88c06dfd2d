import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceM, lengthM, planeAt, segmentDistance } from "../../static/js/units.js";
import { HOME, metresFrom, SCHOOL, TROMSO } from "./places.js";

test("a degree of latitude is 111.195 km everywhere on the sphere", () => {
  assert.ok(Math.abs(distanceM([5, 60], [5, 61]) - 111195) < 1);
  assert.ok(Math.abs(distanceM([18, 69], [18, 70]) - 111195) < 1);
});

test("a hundredth of a degree of longitude shrinks from Bergen to Tromsø", () => {
  assert.ok(Math.abs(distanceM(HOME, [HOME[0] + 0.01, HOME[1]]) - 549.4) < 1);
  assert.ok(Math.abs(distanceM(TROMSO, [TROMSO[0] + 0.01, TROMSO[1]]) - 386.7) < 1);
});

test("the length of a line is the sum of its steps", () => {
  const line = [HOME, metresFrom(HOME, 300, 0), metresFrom(HOME, 300, 400)];
  assert.ok(Math.abs(lengthM(line) - 700) < 0.5);
  assert.equal(lengthM([HOME]), 0);
});

test("the flat plane agrees with the great circle to a thousandth within some kilometres", () => {
  const plane = planeAt(HOME);
  const flat = Math.hypot(...plane.toXY(SCHOOL));
  assert.ok(Math.abs(flat - distanceM(HOME, SCHOOL)) < distanceM(HOME, SCHOOL) / 1000);
});

test("from the plane and back is the same position", () => {
  const plane = planeAt(TROMSO);
  const back = plane.toPosition(plane.toXY(SCHOOL));
  assert.ok(Math.abs(back[0] - SCHOOL[0]) < 1e-9 && Math.abs(back[1] - SCHOOL[1]) < 1e-9);
});

test("the distance to a segment counts beside it and beyond its ends", () => {
  assert.equal(segmentDistance([5, 3], [0, 0], [10, 0]), 3);
  assert.equal(segmentDistance([14, 3], [0, 0], [10, 0]), 5);
  assert.equal(segmentDistance([3, 4], [0, 0], [0, 0]), 5);
});
