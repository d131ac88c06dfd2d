import assert from "node:assert/strict";
import { test } from "node:test";
import { whereIs } from "../../static/js/pupil/whereabouts.js";
import { Words } from "../../static/js/words.js";

const SCHOOL = { name: "Solvik skole", location: { type: "Point", coordinates: [5.3, 60.4] } };
const SENTENCES = { "where.at": "{distance} {direction}", "where.n": "N", "where.school": "school", "where.unknown": "map" };

/**
 * @param {string} language
 * @param {number} north  degrees
 */
function said(language, north) {
  return whereIs(new Words({ [language]: SENTENCES }, language), SCHOOL, [5.3, 60.4 + north]).replaceAll("\u00a0", " ");
}

test("a position is told in tens of metres, far away in tenths of a kilometre", () => {
  assert.equal(said("nb", 0.0011), "120 m N");
  assert.equal(said("nb", 0.0135), "1,5 km N");
});

test("the unit is written in the letters of the language", () => {
  assert.equal(said("uk", 0.0011), "120 м N");
  assert.match(said("ar", 0.0011), /م/);
});

test("what is next to the school is at the school, and without a school it is on the map", () => {
  assert.equal(said("nb", 0.0001), "school");
  assert.equal(whereIs(new Words({ nb: SENTENCES }, "nb"), { name: "", location: null }, [5.3, 60.4]), "map");
});
