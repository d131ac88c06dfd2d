import assert from "node:assert/strict";
import { test } from "node:test";
import { pagesOf } from "../../static/js/pupil/palette.js";
import { Words } from "../../static/js/words.js";

const TEXTS = { nb: { undo: "Angre", full: "Nok av «{what}»" }, en: { undo: "Undo" } };

test("texts come in the chosen language and fall back to the survey's", () => {
  const words = new Words(TEXTS, "nb");
  words.language = "en";
  assert.equal(words.t("undo"), "Undo");
  assert.equal(words.t("full", { what: "Fint" }), "Nok av «Fint»");
  assert.equal(words.t("unknown.key"), "");
});

test("a place holder without a value stays visible", () => {
  assert.equal(new Words(TEXTS, "nb").t("full"), "Nok av «{what}»");
});

test("words of the survey fall back to any language there is", () => {
  const words = new Words(TEXTS, "nn");
  assert.equal(words.label({ words: { en: { label: "Way to school" } } }), "Way to school");
  assert.equal(words.prompt({ words: {} }), "");
});

test("a palette shows at most eight pictures, one of them for more", () => {
  assert.deepEqual(
    pagesOf([1, 2, 3, 4, 5, 6, 7, 8]).map((page) => page.length),
    [8],
  );
  assert.deepEqual(
    pagesOf(Array.from({ length: 14 }, (_, i) => i)).map((page) => page.length),
    [7, 7],
  );
  assert.deepEqual(
    pagesOf(Array.from({ length: 12 }, (_, i) => i)).map((page) => page.length),
    [6, 6],
  );
  assert.deepEqual(
    pagesOf(Array.from({ length: 20 }, (_, i) => i)).map((page) => page.length),
    [7, 7, 6],
  );
});
