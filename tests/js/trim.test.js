import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAST_CUT_M, LEAST_SENT_M, pickCutM, publicGround, trimRoute } from "../../static/js/trim.js";
import { distanceM, lengthM } from "../../static/js/units.js";
import { dice, HOME, metresFrom, SCHOOL, square, wander } from "./places.js";

/** @typedef {import("geojson").Position} Position */

const GROUNDS = square(SCHOOL, 60);
const publicAt = publicGround([{ location: { type: "Point", coordinates: SCHOOL }, grounds: GROUNDS }], {
  type: "FeatureCollection",
  features: [{ type: "Feature", properties: {}, geometry: square(metresFrom(SCHOOL, 900, 0), 50) }],
});
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
  const line = [SCHOOL, metresFrom(SCHOOL, 50, 0), metresFrom(SCHOOL, 50, 50), SCHOOL];
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

test("the cut is drawn evenly from the survey's range and never below the floor", () => {
  const random = dice(5);
  const cuts = Array.from({ length: 5000 }, () => pickCutM([100, 400], random));
  assert.ok(Math.min(...cuts) >= 100 && Math.max(...cuts) <= 400);
  assert.ok(Math.abs(cuts.reduce((a, b) => a + b) / cuts.length - 250) < 5);
  assert.equal(pickCutM([10, 20], random), LEAST_CUT_M);
});

test("over 1,000 wandering routes no position of the cut part is in the bytes sent", () => {
  const random = dice(2026);
  let withGeometry = 0;
  for (let n = 0; n < 1000; n += 1) {
    const home = metresFrom(SCHOOL, (random() - 0.5) * 3000, (random() - 0.5) * 3000);
    const line = childsRoute(home, random);
    const cutM = pickCutM([100, 400], random);
    const { sent, cut } = trimRoute(line, cutM, publicAt);
    const bytes = JSON.stringify(sent);
    const inSchool = publicAt(home) !== null;
    for (const position of cut.flat().filter((p) => distanceM(p, home) < cutM)) {
      assert.ok(!bytes.includes(`[${Number(position[0].toFixed(6))},${Number(position[1].toFixed(6))}]`), `route ${n}`);
    }
    if (sent && !inSchool) {
      withGeometry += 1;
      assert.ok(
        sent.every((position) => distanceM(position, home) >= cutM),
        `route ${n} comes within ${cutM} m of home`,
      );
      assert.ok(lengthM(sent) >= LEAST_SENT_M);
      assert.ok(closestPass(sent, home) >= cutM - 0.2, `route ${n} passes home between two positions`);
    }
  }
  assert.ok(withGeometry > 700, `only ${withGeometry} routes had geometry left`);
});

test("drawing the same way again with the same cut shows no more of it", () => {
  const random = dice(99);
  for (let n = 0; n < 200; n += 1) {
    const home = metresFrom(SCHOOL, -900 - random() * 500, random() * 500);
    const cutM = pickCutM([100, 400], random);
    for (let again = 0; again < 5; again += 1) {
      const { sent } = trimRoute(wander(home, SCHOOL, random, 60), cutM, publicAt);
      assert.ok(sent?.every((position) => distanceM(position, home) >= cutM));
    }
  }
});

/**
 * To school, from school, with a detour past home, there and back.
 * @param {Position} home
 * @param {() => number} random
 * @returns {Position[]}
 */
function childsRoute(home, random) {
  const there = wander(home, metresFrom(SCHOOL, random() * 20, random() * 20), random, 20 + random() * 80);
  const kind = Math.floor(random() * 4);
  if (kind === 1) {
    return there.reverse();
  }
  if (kind === 2) {
    const shop = metresFrom(home, (random() - 0.5) * 800, (random() - 0.5) * 800);
    return [...wander(home, shop, random, 30), ...wander(shop, metresFrom(home, 8, 8), random, 30), ...there];
  }
  return kind === 3 ? [...there, ...wander(SCHOOL, home, random, 40)] : there;
}

/**
 * How near a line comes to a position, segments counted.
 * @param {Position[]} line
 * @param {Position} to
 */
function closestPass(line, to) {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i += 1) {
    for (let t = 0; t <= 1; t += 0.05) {
      const [a, b] = [line[i - 1], line[i]];
      nearest = Math.min(nearest, distanceM([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t], to));
    }
  }
  return nearest;
}
