import assert from "node:assert/strict";
import { test } from "node:test";
import { contains } from "../../static/js/geojson.js";
import { areaRound } from "../../static/js/named_area.js";
import { directionOf, distanceM } from "../../static/js/units.js";
import { metresFrom, SCHOOL, square, TROMSO } from "./places.js";

const polygon = (/** @type {import("geojson").Position[] | null} */ ring) => {
  assert.ok(ring);
  return /** @type {import("geojson").Polygon} */ ({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
};

test("one place gives a circle of sixty metres round it", () => {
  for (const centre of [SCHOOL, TROMSO]) {
    const ring = areaRound([centre], square(centre, 500));
    assert.ok(ring);
    assert.ok(ring.every((position) => Math.abs(distanceM(position, centre) - 60) < 0.5));
    assert.ok(contains(polygon(ring), centre));
  }
});

test("several places lie inside one area, and so does what is between them", () => {
  const places = [SCHOOL, metresFrom(SCHOOL, 200, 0), metresFrom(SCHOOL, 0, 200)];
  const area = polygon(areaRound(places, square(SCHOOL, 1000)));
  for (const inside of [...places, metresFrom(SCHOOL, 90, 90), metresFrom(SCHOOL, 240, 0)]) {
    assert.ok(contains(area, inside));
  }
  assert.ok(!contains(area, metresFrom(SCHOOL, 200, 200)));
});

test("at the edge of the study area the circle is smaller, and beyond it there is none", () => {
  const studyArea = square(SCHOOL, 100);
  const near = metresFrom(SCHOOL, 70, 0);
  const ring = areaRound([near], studyArea);
  assert.ok(ring?.every((position) => contains(studyArea, position)));
  assert.ok(Math.abs(distanceM(/** @type {any} */ (ring)[0], near) - 25) < 0.5);
  assert.equal(areaRound([metresFrom(SCHOOL, 200, 0)], studyArea), null);
  assert.equal(areaRound([], studyArea), null);
});

test("directions are eight, each round its own middle", () => {
  /** @type {[number, number, string][]} */
  const cases = [
    [0, 100, "n"],
    [100, 100, "ne"],
    [100, 20, "e"],
    [100, -90, "se"],
    [10, -100, "s"],
    [-100, -100, "sw"],
    [-100, 0, "w"],
    [-100, 80, "nw"],
    [-10, 100, "n"],
  ];
  for (const [east, north, name] of cases) {
    assert.equal(directionOf(SCHOOL, metresFrom(SCHOOL, east, north)), name, `${east}, ${north}`);
  }
});
