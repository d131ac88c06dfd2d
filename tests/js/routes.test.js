import assert from "node:assert/strict";
import { test } from "node:test";
import { fading, isRoute, routeParts, smooth, snapToSchool } from "../../static/js/routes.js";
import { publicGround } from "../../static/js/trim.js";
import { distanceM, lengthM } from "../../static/js/units.js";
import { dice, HOME, metresFrom, SCHOOL, square, wander } from "./places.js";

const SCHOOL_WITH_GROUNDS = {
  name: "Solvik skole",
  location: /** @type {const} */ ({ type: "Point", coordinates: SCHOOL }),
  grounds: square(SCHOOL, 60),
};
const WITHOUT_GROUNDS = { ...SCHOOL_WITH_GROUNDS, grounds: null };
const publicAt = publicGround([SCHOOL_WITH_GROUNDS], { type: "FeatureCollection", features: [] });
const EVERYWHERE = square(SCHOOL, 20_000);

test("a finger that stops just outside the grounds has arrived at the gate, whichever end of the way it drew on", () => {
  const [near, home] = [metresFrom(SCHOOL, -90, 0), HOME];
  assert.deepEqual(snapToSchool([home, near], SCHOOL_WITH_GROUNDS, "end"), { line: [home, near, SCHOOL], isThere: true });
  assert.deepEqual(snapToSchool([near, home], SCHOOL_WITH_GROUNDS, "start"), { line: [SCHOOL, near, home], isThere: true });
});

test("a finger that begins just outside the grounds may begin at home: nothing is added", () => {
  const drawn = [metresFrom(SCHOOL, -90, 0), HOME];
  assert.deepEqual(snapToSchool(drawn, SCHOOL_WITH_GROUNDS, "end"), { line: drawn, isThere: false });
});

test("a way from school that stops just outside the grounds may stop at home: nothing is added", () => {
  for (const [school, gate] of /** @type {const} */ ([
    [SCHOOL_WITH_GROUNDS, metresFrom(SCHOOL, 0, 50)],
    [WITHOUT_GROUNDS, metresFrom(SCHOOL, 0, 30)],
  ])) {
    const drawn = [gate, metresFrom(SCHOOL, -150, 60), metresFrom(SCHOOL, -80, 0)];
    assert.deepEqual(snapToSchool(drawn, school, "end"), { line: drawn, isThere: false });
  }
});

test("well inside the grounds nothing is added, at their edge the gate is, since the finger may have meant what is beside them", () => {
  const drawn = [HOME, metresFrom(SCHOOL, -49, 0)];
  assert.deepEqual(snapToSchool(drawn, SCHOOL_WITH_GROUNDS, "end"), { line: drawn, isThere: true });
  const [home, edge] = [HOME, metresFrom(SCHOOL, -55, 0)];
  assert.deepEqual(snapToSchool([home, edge], SCHOOL_WITH_GROUNDS, "end"), { line: [home, edge, SCHOOL], isThere: true });
});

test("far from school nothing is added", () => {
  const drawn = [HOME, metresFrom(SCHOOL, -300, 0)];
  assert.deepEqual(snapToSchool(drawn, SCHOOL_WITH_GROUNDS, "end"), { line: drawn, isThere: false });
});

test("a school without an outline reaches a little further round its point", () => {
  assert.equal(snapToSchool([HOME, metresFrom(SCHOOL, -80, 0)], WITHOUT_GROUNDS, "end").isThere, true);
  assert.equal(snapToSchool([HOME, metresFrom(SCHOOL, -100, 0)], WITHOUT_GROUNDS, "end").isThere, false);
  assert.equal(snapToSchool([HOME, SCHOOL], { location: null, grounds: null }, "end").isThere, false);
});

test("of a home right beside the school only one end reaches it, so that the other is still cut", () => {
  const neighbour = metresFrom(SCHOOL, -100, 0);
  const { line } = snapToSchool([neighbour, metresFrom(SCHOOL, -95, 60), metresFrom(SCHOOL, -70, 0)], SCHOOL_WITH_GROUNDS, "end");
  assert.equal(publicAt(line[0]), null);
  assert.equal(routeParts(line, { zones: hiding(line[0], 100), publicAt, studyArea: EVERYWHERE }).geometry, null);
});

/**
 * A zone with the end in its middle, where it is as small as it may be.
 * @param {import("geojson").Position} centre
 * @param {number} radiusM
 */
function hiding(centre, radiusM) {
  return [{ centre, radiusM }];
}

test("the line is kept whole for the child's eyes and cut for everybody else's", () => {
  const drawn = smooth(wander(HOME, SCHOOL, dice(4), 30), 500);
  const parts = routeParts(drawn, { zones: hiding(drawn[0], 250), publicAt, studyArea: EVERYWHERE });
  assert.equal(parts.drawn, drawn);
  assert.ok(parts.geometry?.coordinates.every((position) => distanceM(position, HOME) >= 250));
  assert.equal(parts.cut.length, 1);
});

test("what lies outside the study area stays on the tablet too", () => {
  const studyArea = square(SCHOOL, 700);
  const { geometry, cut } = routeParts(wander(HOME, SCHOOL, dice(8), 20), { zones: hiding(HOME, 100), publicAt, studyArea });
  assert.ok(geometry);
  assert.ok(distanceM(geometry.coordinates[0], SCHOOL) < 1000);
  assert.equal(cut.length, 2);
});

test("a way that lies outside the study area has no geometry to send", () => {
  const studyArea = square(metresFrom(SCHOOL, 9000, 0), 500);
  assert.equal(routeParts([HOME, SCHOOL], { zones: hiding(HOME, 100), publicAt, studyArea }).geometry, null);
});

test("a dab of the finger is no way", () => {
  assert.equal(isRoute([HOME]), false);
  assert.equal(isRoute([HOME, metresFrom(HOME, 5, 0)]), false);
  assert.equal(isRoute([HOME, metresFrom(HOME, 8, 0), metresFrom(HOME, 2, 2), metresFrom(HOME, 8, 0)]), false);
  assert.equal(isRoute([HOME, metresFrom(HOME, 40, 0)]), true);
});

test("what is cut fades from the way that is seen to the home, in pieces of one length, whichever end was drawn first", () => {
  const [near, home] = [metresFrom(HOME, 400, 0), HOME];
  const sent = [near, SCHOOL];
  for (const part of [
    [home, metresFrom(HOME, 30, 0), near],
    [near, metresFrom(HOME, 390, 0), home],
  ]) {
    const pieces = fading(part, sent, 4);
    assert.deepEqual([pieces[0][0], pieces[3].at(-1)], [near, home]);
    assert.ok(pieces.every((piece) => Math.abs(lengthM(piece) - 100) < 0.1));
  }
  assert.equal(fading([home, near], [], 4).length, 4);
});
