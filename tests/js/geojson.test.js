import assert from "node:assert/strict";
import { test } from "node:test";
import {
  areaM2,
  bboxOf,
  contains,
  distanceTo,
  joinStroke,
  longestInside,
  positionsOf,
  ringOf,
  rounded,
  simplify,
  simplifyTo,
  tidy,
} from "../../static/js/geojson.js";
import { distanceM, planeAt, segmentDistance } from "../../static/js/units.js";
import { dice, HOME, metresFrom, SCHOOL, square, wander } from "./places.js";

/** @typedef {import("geojson").Position} Position */

/**
 * Metres east and north of home, as positions.
 * @param {[number, number][]} points
 */
const drawn = (points) => points.map(([x, y]) => metresFrom(HOME, x, y));

/**
 * @param {Position[]} ring  closed
 * @returns {number}
 */
const squareMetres = (ring) => areaM2(ring.slice(0, -1).map(planeAt(HOME).toXY));

test("positions have six decimals and no repetition", () => {
  assert.deepEqual(rounded([5.12345678, 60.98765432]), [5.123457, 60.987654]);
  assert.deepEqual(
    tidy([
      [5, 60],
      [5.0000001, 60],
      [5.1, 60],
      [5, 60],
    ]),
    [
      [5, 60],
      [5.1, 60],
      [5, 60],
    ],
  );
});

test("simplifying a straight line leaves its two ends", () => {
  const line = drawn([
    [0, 0],
    [100, 0.5],
    [200, -0.5],
    [300, 0],
  ]);
  assert.deepEqual(simplify(line, 2), [line[0], line[3]]);
});

test("simplifying keeps a corner", () => {
  const line = drawn([
    [0, 0],
    [50, 0],
    [100, 0],
    [100, 50],
    [100, 100],
  ]);
  assert.deepEqual(simplify(line, 2), [line[0], line[2], line[4]]);
});

test("no dropped position lies further from the simplified line than the tolerance", () => {
  const random = dice(7);
  for (let n = 0; n < 50; n += 1) {
    const line = wander(HOME, SCHOOL, random, 80);
    const left = simplify(line, 3).map(planeAt(HOME).toXY);
    for (const point of line.map(planeAt(HOME).toXY)) {
      const nearest = Math.min(...left.slice(1).map((b, i) => segmentDistance(point, left[i], b)));
      assert.ok(nearest <= 3.01, `${nearest} m`);
    }
  }
});

test("a very long line is simplified until it fits", () => {
  const line = wander(HOME, SCHOOL, dice(3), 200);
  assert.ok(simplifyTo(line, 1, 10).length <= 10);
});

test("lines too short to simplify are left alone", () => {
  assert.deepEqual(simplify([], 3), []);
  assert.deepEqual(simplify([HOME], 3), [HOME]);
});

test("a stroke that starts at the end continues the line", () => {
  const [a, b, c] = drawn([
    [0, 0],
    [100, 0],
    [200, 0],
  ]);
  assert.deepEqual(joinStroke([a, b], [b, c], distanceM, 20), [a, b, b, c]);
});

test("a stroke that starts at the beginning goes in front", () => {
  const [a, b, c] = drawn([
    [0, 0],
    [100, 0],
    [-200, 0],
  ]);
  assert.deepEqual(joinStroke([a, b], [a, c], distanceM, 20), [c, a, a, b]);
});

test("a stroke far from both ends does not join", () => {
  const [a, b, c, d] = drawn([
    [0, 0],
    [100, 0],
    [300, 0],
    [400, 0],
  ]);
  assert.equal(joinStroke([a, b], [c, d], distanceM, 20), null);
  assert.deepEqual(joinStroke([], [c, d], distanceM, 20), [c, d]);
});

test("a point in a hole is outside", () => {
  const outer = square(HOME, 100).coordinates[0];
  const hole = square(HOME, 10).coordinates[0];
  const area = /** @type {import("geojson").MultiPolygon} */ ({ type: "MultiPolygon", coordinates: [[outer, hole]] });
  assert.equal(contains(area, HOME), false);
  assert.equal(contains(area, metresFrom(HOME, 50, 0)), true);
  assert.equal(contains(area, metresFrom(HOME, 150, 0)), false);
  assert.equal(contains(null, HOME), false);
});

test("the distance to grounds is nothing inside and metres outside", () => {
  assert.equal(distanceTo(square(SCHOOL, 50), SCHOOL), 0);
  assert.ok(Math.abs(distanceTo(square(SCHOOL, 50), metresFrom(SCHOOL, 80, 0)) - 30) < 0.1);
  assert.ok(Math.abs(distanceTo({ type: "Point", coordinates: SCHOOL }, metresFrom(SCHOOL, 3, 4)) - 5) < 0.01);
  assert.equal(distanceTo({ type: "LineString", coordinates: [HOME, SCHOOL] }, HOME), Number.POSITIVE_INFINITY);
});

test("of a line that leaves the area the longest part inside is kept", () => {
  const line = drawn([
    [0, 0],
    [20, 0],
    [200, 0],
    [40, 0],
    [30, 0],
    [10, 0],
  ]);
  assert.deepEqual(longestInside(line, square(HOME, 100)), line.slice(3));
  assert.deepEqual(
    longestInside(
      drawn([
        [500, 0],
        [600, 0],
      ]),
      square(HOME, 100),
    ),
    [],
  );
});

test("a stroke round a square becomes a closed ring, counter-clockwise", () => {
  const ring = ringOf(
    drawn([
      [0, 0],
      [0, 100],
      [100, 100],
      [100, 0],
    ]),
    25,
  );
  assert.ok(ring);
  assert.deepEqual(ring[0], ring.at(-1));
  assert.ok(Math.abs(squareMetres(ring) - 10000) < 30);
  const [west, south] = planeAt(ring[0]).toXY(ring[1]);
  const [, north] = planeAt(ring[1]).toXY(ring[2]);
  assert.ok(Math.abs(west) < 0.2 || Math.abs(south) < 0.2);
  assert.ok(Number.isFinite(north));
});

test("a tail that crosses the start is cut away", () => {
  const ring = ringOf(
    drawn([
      [0, -20],
      [0, 100],
      [100, 100],
      [100, 0],
      [-20, 0],
    ]),
    25,
  );
  assert.ok(ring);
  assert.ok(Math.abs(squareMetres(ring) - 10000) < 30);
});

test("of a figure of eight the larger loop is kept", () => {
  const ring = ringOf(
    drawn([
      [0, 0],
      [100, 100],
      [100, 0],
      [0, 100],
      [-100, 50],
    ]),
    25,
  );
  assert.ok(ring);
  const crossings = selfCrossings(ring);
  assert.equal(crossings, 0);
});

test("every scribble becomes a simple ring or nothing", () => {
  const random = dice(11);
  for (let n = 0; n < 200; n += 1) {
    const scribble = Array.from({ length: 5 + Math.floor(random() * 40) }, () => metresFrom(HOME, random() * 300, random() * 300));
    const ring = ringOf(scribble, 25);
    if (ring) {
      assert.equal(selfCrossings(ring), 0, `scribble ${n}`);
      assert.ok(ring.length >= 4);
    }
  }
});

test("a tap, a line and a speck are no area", () => {
  assert.equal(
    ringOf(
      drawn([
        [0, 0],
        [0.01, 0],
      ]),
      25,
    ),
    null,
  );
  assert.equal(
    ringOf(
      drawn([
        [0, 0],
        [50, 0],
        [100, 0],
      ]),
      25,
    ),
    null,
  );
  assert.equal(
    ringOf(
      drawn([
        [0, 0],
        [2, 0],
        [2, 2],
      ]),
      25,
    ),
    null,
  );
});

test("bounding boxes and positions of what a mark can be", () => {
  assert.equal(bboxOf([]), null);
  assert.deepEqual(
    bboxOf([
      [5, 60],
      [6, 59],
    ]),
    [5, 59, 6, 60],
  );
  assert.deepEqual(positionsOf({ type: "Point", coordinates: HOME }), [HOME]);
  assert.deepEqual(positionsOf({ type: "LineString", coordinates: [HOME, SCHOOL] }), [HOME, SCHOOL]);
  assert.equal(positionsOf(square(HOME, 5)).length, 5);
  assert.deepEqual(positionsOf(null), []);
});

/**
 * How often segments of a ring that are no neighbours cross, counted the slow way.
 * @param {Position[]} ring  closed
 */
function selfCrossings(ring) {
  const points = ring.map(planeAt(HOME).toXY);
  const side = (/** @type {number[]} */ p, /** @type {number[]} */ q, /** @type {number[]} */ r) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  let count = 0;
  for (let i = 0; i < points.length - 1; i += 1) {
    for (let j = i + 2; j < points.length - 1; j += 1) {
      if (i === 0 && j === points.length - 2) {
        continue;
      }
      const [a, b, c, d] = [points[i], points[i + 1], points[j], points[j + 1]];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) {
        count += 1;
      }
    }
  }
  return count;
}
