import assert from "node:assert/strict";
import { test } from "node:test";
import { boxText, lassoText } from "../../static/js/area_text.js";

test("a box is the same from whichever corner it is drawn", () => {
  const wanted = "5.300000,60.380000 5.310000,60.380000 5.310000,60.390000 5.300000,60.390000";
  assert.equal(boxText([5.3, 60.38], [5.31, 60.39]), wanted);
  assert.equal(boxText([5.31, 60.38], [5.3, 60.39]), wanted);
  assert.equal(boxText([5.31, 60.39], [5.3, 60.38]), wanted);
});

test("a stroke of a thousand points has room in an address", () => {
  const stroke = Array.from({ length: 1000 }, (_, i) => {
    const angle = (i / 1000) * 2 * Math.PI;
    const far = 1 + 0.1 * Math.sin(40 * angle);
    return [5.32 + 0.02 * far * Math.cos(angle), 60.38 + 0.01 * far * Math.sin(angle)];
  });
  const corners = (lassoText(stroke) ?? "").split(" ");
  assert.ok(corners.length >= 20 && corners.length <= 120, `${corners.length} corners`);
  for (const corner of corners) assert.match(corner, /^5\.\d{6},60\.\d{6}$/);
  assert.notEqual(corners[0], corners.at(-1));
});

test("of a stroke that crosses itself the larger loop is meant", () => {
  // an eight: a square of 0.02 degrees, and a small one of 0.002 below its south-western corner
  const eight = [
    [5.3, 60.38],
    [5.32, 60.38],
    [5.32, 60.4],
    [5.3, 60.4],
    [5.3, 60.378],
    [5.298, 60.378],
    [5.298, 60.38],
    [5.3, 60.38],
  ];
  const lats = (lassoText(eight) ?? "").split(" ").map((corner) => Number(corner.split(",")[1]));
  assert.ok(lats.length >= 4);
  assert.ok(Math.max(...lats) - Math.min(...lats) > 0.019);
});

test("nothing inside is nothing", () => {
  assert.equal(lassoText([]), null);
  assert.equal(lassoText([[5.3, 60.38]]), null);
  assert.equal(
    lassoText([
      [5.3, 60.38],
      [5.31, 60.38],
      [5.3, 60.38],
    ]),
    null,
  );
});
