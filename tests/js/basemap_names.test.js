import assert from "node:assert/strict";
import { test } from "node:test";
import { distances, lettersAlong, placeAlong } from "../../static/js/basemap_names.js";
import { widthAt } from "../../static/js/basemap_palettes.js";
import { broken } from "../../static/js/basemap_signs.js";

const EAST = [
  { x: 0, y: 0 },
  { x: 60, y: 0 },
  { x: 100, y: 0 },
];

test("a place along a line is found between its positions, with the way the line goes there", () => {
  const corner = [
    { x: 0, y: 0 },
    { x: 30, y: 0 },
    { x: 30, y: 40 },
  ];
  const sums = distances(corner);
  assert.deepEqual(sums, [0, 30, 70]);
  assert.deepEqual(placeAlong(corner, sums, 15), { x: 15, y: 0, angle: 0 });
  assert.deepEqual(placeAlong(corner, sums, 50), { x: 30, y: 20, angle: Math.PI / 2 });
});

test("letters stand one after the other along a straight street", () => {
  const places = lettersAlong(EAST, distances(EAST), 10, [5, 15, 25], 30);
  assert.deepEqual(
    places?.map(({ x, y, angle }) => [x, y, angle]),
    [
      [15, 0, 0],
      [25, 0, 0],
      [35, 0, 0],
    ],
  );
});

test("a name is never upside down: on a street drawn to the west it is read from the west", () => {
  const west = [...EAST].reverse();
  const places = lettersAlong(west, distances(west), 10, [5, 15, 25], 30);
  assert.ok(places);
  assert.deepEqual(
    places.map(({ x }) => x),
    [65, 75, 85],
  );
  for (const { angle } of places) {
    assert.ok(Math.cos(angle) > 0.99, "upright");
  }
});

test("a name follows a gentle bend and gives up at a corner", () => {
  const bend = Array.from({ length: 21 }, (_, i) => ({ x: 120 * Math.sin(i / 20), y: 120 - 120 * Math.cos(i / 20) }));
  const middles = [6, 18, 30, 42, 54];
  const places = lettersAlong(bend, distances(bend), 20, middles, 60);
  assert.ok(places && places[4].angle > places[0].angle);
  const corner = [
    { x: 0, y: 0 },
    { x: 50, y: 0 },
    { x: 50, y: 50 },
  ];
  assert.equal(lettersAlong(corner, distances(corner), 20, middles, 60), null);
});

test("widths double with every zoom past the last stop and rise evenly before it", () => {
  const width = widthAt([
    [12, 1],
    [14, 4],
  ]);
  assert.equal(width(10), 1);
  assert.ok(Math.abs(width(13) - 2) < 1e-9);
  assert.equal(width(14), 4);
  assert.equal(width(16), 16);
});

test("a sign's name is broken at its spaces", () => {
  assert.deepEqual(broken("Trollskogen lekeplass", 16), ["Trollskogen", "lekeplass"]);
  assert.deepEqual(broken("Solvik kai", 16), ["Solvik kai"]);
  assert.deepEqual(broken("", 16), []);
});
