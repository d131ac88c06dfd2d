import assert from "node:assert/strict";
import { test } from "node:test";
import { breakable } from "../../static/js/hyphens.js";

const SOFT_HYPHEN = "\u00ad";

/** @param {string} text */
const seen = (text) => breakable(text, "se").replaceAll(SOFT_HYPHEN, "-");

test("a long Sámi word may be broken before the last consonant between two vowels", () => {
  assert.equal(seen("Astoáiggegeaidnu"), "As-toáig-ge-geaid-nu");
  assert.equal(seen("Deaivvadanbáiki"), "Deaiv-va-dan-bái-ki");
  assert.equal(seen("Rasttildanbáiki váilu"), "Rast-til-dan-bái-ki váilu");
  assert.equal(seen("Čievččansihkkel"), "Čievč-čan-sihk-kel");
});

test("short words, and those of languages that browsers know, stay as they are", () => {
  assert.equal(seen("Skuvla ja luohkká"), "Skuvla ja luohkká");
  assert.equal(breakable("Favorittsted", "nb"), "Favorittsted");
  assert.equal(breakable("", "se"), "");
});

test("nothing but soft hyphens is added, and none at an end of a word", () => {
  const text = "Čievččansihkkel, vázzingeaidnu váilu; rasttildanbáiki.";
  assert.equal(breakable(text, "se").replaceAll(SOFT_HYPHEN, ""), text);
  assert.ok(!/(^|[^\p{L}])\u00ad|\u00ad([^\p{L}]|$)/u.test(breakable(text, "se")));
});
