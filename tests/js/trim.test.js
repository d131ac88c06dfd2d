import assert from "node:assert/strict";
import { test } from "node:test";
import {
  inForce,
  LEAST_CUT_M,
  LEAST_SENT_M,
  LEAST_SPREAD_M,
  pickZone,
  publicGround,
  trimRoute as trimIn,
  zonesOf,
} from "../../static/js/trim.js";
import { distanceM, lengthM } from "../../static/js/units.js";
import { dice, HOME, metresFrom, SCHOOL, square } from "./places.js";

/** @typedef {import("geojson").Position} Position */

const GROUNDS = square(SCHOOL, 60);
const publicAt = publicGround([{ location: { type: "Point", coordinates: SCHOOL }, grounds: GROUNDS }], {
  type: "FeatureCollection",
  features: [{ type: "Feature", properties: {}, geometry: square(metresFrom(SCHOOL, 900, 0), 50) }],
});
/**
 * Trim as if every end lay in the middle of a zone, so that the answer can be checked by head.
 * @param {Position[]} line
 * @param {number} radiusM
 * @param {import("../../static/js/trim.js").PublicAt} at
 */
function trimRoute(line, radiusM, at) {
  const pick = (/** @type {Position} */ centre) => ({ centre, radiusM });
  return trimIn(line, zonesOf(line, at, { own: [], others: [], goesOn: false, pick }), at);
}
const PITCH = metresFrom(SCHOOL, 900, 0);

test("the home end is cut and the school end is kept", () => {
  const { sent, cut } = trimRoute([HOME, SCHOOL], 200, publicAt);
  assert.ok(sent);
  assert.ok(distanceM(sent.at(-1) ?? HOME, SCHOOL) < 0.2);
  assert.ok(Math.abs(distanceM(sent[0], HOME) - 200.5) < 0.5);
  assert.equal(cut.length, 1);
  assert.ok(Math.abs(lengthM(cut[0]) - 200.5) < 0.5);
});

test("a way drawn from school homewards is cut at its other end", () => {
  const { sent } = trimRoute([SCHOOL, HOME], 300, publicAt);
  assert.ok(sent);
  assert.ok(distanceM(sent[0], SCHOOL) < 0.2);
  assert.ok(distanceM(sent.at(-1) ?? HOME, HOME) >= 300);
});

test("a leisure way is cut at both ends", () => {
  const friend = metresFrom(HOME, 0, 1500);
  const { sent, cut } = trimRoute([HOME, friend], 150, publicAt);
  assert.ok(sent);
  assert.ok(distanceM(sent[0], HOME) >= 150 && distanceM(sent[1], friend) >= 150);
  assert.equal(cut.length, 2);
});

test("a way between two public places is sent whole", () => {
  const line = [SCHOOL, PITCH];
  const { sent, cut } = trimRoute(line, 400, publicAt);
  assert.ok(sent);
  assert.ok(Math.abs(lengthM(sent) - lengthM(line)) < 0.3);
  assert.deepEqual(cut, []);
});

test("a way that comes past the start again loses that part too", () => {
  const line = [HOME, metresFrom(HOME, 0, 600), metresFrom(HOME, 30, 20), metresFrom(HOME, 700, 0), SCHOOL];
  const { sent } = trimRoute(line, 150, publicAt);
  assert.ok(sent);
  assert.ok(sent.every((position) => distanceM(position, HOME) >= 150));
  // The loop to the north lies behind the second passing, seen from school.
  assert.ok(sent.every((position) => distanceM(position, line[1]) > 400));
});

test("a way from school and back is cut round its turn", () => {
  const { sent } = trimRoute([SCHOOL, HOME, metresFrom(SCHOOL, 5, 5)], 250, publicAt);
  assert.ok(sent);
  assert.ok(sent.every((position) => distanceM(position, HOME) >= 250));
});

test("a walk inside the school's grounds is sent as it is", () => {
  const line = [SCHOOL, metresFrom(SCHOOL, 49, 0), metresFrom(SCHOOL, 49, 49), SCHOOL];
  assert.equal(trimRoute(line, 200, publicAt).sent?.length, 4);
});

test("a way too short to be cut safely is sent without geometry", () => {
  const near = metresFrom(SCHOOL, 150, 0);
  assert.deepEqual(trimRoute([near, SCHOOL], 200, publicAt), { sent: null, cut: [[near, SCHOOL]] });
  const rest = metresFrom(SCHOOL, 60 + 200 + LEAST_SENT_M - 70, 0);
  assert.equal(trimRoute([rest, metresFrom(SCHOOL, 59, 0)], 200, publicAt).sent, null);
});

test("a line of one position has no geometry to send", () => {
  assert.equal(trimRoute([HOME], 200, publicAt).sent, null);
});

test("a school without grounds reaches 40 m round its point", () => {
  const at = publicGround([{ location: { type: "Point", coordinates: SCHOOL }, grounds: null }], {
    type: "FeatureCollection",
    features: [],
  });
  assert.equal(at(metresFrom(SCHOOL, 39, 0)), "school:0");
  assert.equal(at(metresFrom(SCHOOL, 42, 0)), null);
});

test("what lies less deep in a school's grounds than a finger is off may be the house beside them", () => {
  assert.equal(publicAt(metresFrom(SCHOOL, 49, 0)), "school:0");
  assert.equal(publicAt(metresFrom(SCHOOL, 51, 0)), null);
  assert.equal(publicAt(metresFrom(SCHOOL, 900 - 39, 0)), "place:0");
  assert.equal(publicAt(metresFrom(SCHOOL, 900 - 41, 0)), null);
  const ring = { .../** @type {import("geojson").Polygon} */ (GROUNDS) };
  ring.coordinates = [...ring.coordinates, .../** @type {import("geojson").Polygon} */ (square(SCHOOL, 20)).coordinates];
  const at = publicGround([{ location: { type: "Point", coordinates: SCHOOL }, grounds: ring }], {
    type: "FeatureCollection",
    features: [],
  });
  assert.equal(at(metresFrom(SCHOOL, 25, 0)), null, "beside a house that lies in the middle of them");
  assert.equal(at(SCHOOL), "school:0", "where ways to school are led to");
});

test("a zone hides its end for the range's least to its most metres, and its end lies anywhere in it", () => {
  const random = dice(5);
  const asides = Array.from({ length: 5000 }, () => {
    const { centre, radiusM } = pickZone(HOME, [100, 400], random);
    assert.equal(radiusM, 250);
    return distanceM(centre, HOME);
  });
  assert.ok(Math.max(...asides) <= 120.1, "30 m are left for a finger that begins elsewhere the next time");
  const inner = asides.filter((metres) => metres < 120 / Math.SQRT2).length;
  assert.ok(Math.abs(inner - 2500) < 150, "evenly over the disc: half of them in half of its area");
});

test("a zone is never smaller than the floor nor of a width that is known", () => {
  for (const range of /** @type {[number, number][]} */ ([
    [10, 20],
    [100, 100],
    [300, 200],
  ])) {
    const zones = Array.from({ length: 50 }, (_, n) => pickZone(HOME, range, dice(n)));
    const least = Math.min(...zones.map((zone) => zone.radiusM - distanceM(zone.centre, HOME)));
    assert.ok(least >= Math.max(LEAST_CUT_M, range[0]), `${range}: ${least}`);
    assert.ok(zones[0].radiusM >= Math.max(LEAST_CUT_M, range[0]) + LEAST_SPREAD_M / 2);
  }
});

test("all ways from one end share its zone, whichever was drawn first", () => {
  const first = zonesFor([HOME, SCHOOL], {});
  const again = zonesFor([metresFrom(HOME, 12, -9), metresFrom(HOME, 900, 900)], { others: first });
  assert.deepEqual(again[0], first[0]);
  assert.equal(again.length, 2, "its own and the friend's");
});

test("a way that begins in a public place stays out of what is known of homes, wherever it goes meanwhile", () => {
  const home = metresFrom(SCHOOL, 120, 0);
  const [zone] = zonesFor([home, metresFrom(SCHOOL, 900, 0)], {});
  const far = metresFrom(SCHOOL, -700, 0);
  assert.deepEqual(zonesFor([SCHOOL, far], { others: [zone] }).at(-1), zone);
  assert.deepEqual(zonesFor([far, SCHOOL], { others: [zone] }).length, 1, "one that ends there is whole");
});

test("an end that a zone holds, but not deep enough, gets another, and stays out of both", () => {
  const shallow = { centre: metresFrom(HOME, 200, 0), radiusM: 250 };
  const zones = zonesFor([HOME, SCHOOL], { others: [shallow] });
  assert.equal(zones.length, 2);
  assert.deepEqual(zones[1], shallow);
  const { sent } = trimIn([HOME, SCHOOL], zones, publicAt);
  assert.ok(sent?.every((position) => zones.every((zone) => distanceM(position, zone.centre) >= zone.radiusM)));
});

test("an end that was moved away stays hidden; one from which the way was only drawn on does not", () => {
  const before = zonesFor([HOME, SCHOOL], {});
  const further = metresFrom(HOME, -600, 0);
  const moved = zonesFor([further, HOME, SCHOOL], { own: before });
  assert.deepEqual(moved.at(-1), { ...before[0], isOld: true });
  const on = zonesFor([metresFrom(HOME, -1500, 0), further, HOME, SCHOOL], { own: moved, goesOn: true });
  assert.deepEqual(inForce(on).at(-1), { ...before[0], isOld: true }, "also when the way is drawn on from there");
  const drawnOn = zonesFor([further, HOME, SCHOOL], { own: before, goesOn: true });
  assert.equal(inForce(drawnOn).length, 1);
  assert.deepEqual(drawnOn.at(-1), { ...before[0], isPast: true });
});

test("a way drawn anew in strokes from school gets the zone that its home had, however its strokes ended on the way", () => {
  const half = metresFrom(HOME, -1500, 0);
  const first = zonesFor([HOME, SCHOOL], {});
  const begun = zonesFor([half, SCHOOL], { own: first, pick: () => ({ centre: half, radiusM: 250 }) });
  const gone = zonesFor([metresFrom(HOME, -900, 0), half, SCHOOL], { own: begun, goesOn: true });
  assert.ok(
    inForce(gone).some((zone) => zone.centre === first[0].centre),
    "hidden since before",
  );
  assert.ok(!inForce(gone).some((zone) => zone.centre === half), "a stroke ended there");
  const home = zonesFor([HOME, half, SCHOOL], { own: gone, goesOn: true });
  assert.deepEqual(
    inForce(home).map((zone) => zone.centre),
    [first[0].centre],
  );
});

test("an end that no zone covers lets nothing be sent", () => {
  assert.equal(trimIn([HOME, SCHOOL], [], publicAt).sent, null);
  assert.equal(trimIn([HOME, SCHOOL], [{ centre: metresFrom(HOME, 0, 180), radiusM: 250 }], publicAt).sent, null);
});

/**
 * @param {Position[]} line
 * @param {Partial<Parameters<typeof zonesOf>[2]>} known
 */
function zonesFor(line, known) {
  const random = dice(11);
  return zonesOf(line, publicAt, { own: [], others: [], goesOn: false, pick: (end) => pickZone(end, [100, 400], random), ...known });
}
