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

/** The page's root, as much of it as a language touches. */
function fakePage() {
  const root = { lang: "nb", dir: "ltr" };
  Object.assign(globalThis, { document: { documentElement: root, title: "" } });
  return root;
}

const LANGUAGES = [
  { code: "nb", name: "Bokmål", dir: "ltr" },
  { code: "ar", name: "العربية", dir: "rtl" },
];
const FOUND = { nb: { "page.title": "Tegn", found: "Finn {school}", n: "{n} på kartet" } };
const ARABIC = { "page.title": "الرسم", found: "ابحث عن {school}", n: "على الخريطة: {n}" };

test("a language switched in place turns the page's direction with it", () => {
  const root = fakePage();
  const words = new Words({ ...FOUND, ar: ARABIC }, "nb", LANGUAGES);
  words.choose("ar");
  assert.deepEqual([root.lang, root.dir, document.title], ["ar", "rtl", "Tråkk – الرسم"]);
  words.choose("nb");
  assert.deepEqual([root.lang, root.dir, document.title], ["nb", "ltr", "Tråkk – Tegn"]);
});

test("a name within Arabic keeps its own direction, and in Norwegian nothing unseen is added", () => {
  fakePage();
  const words = new Words({ ...FOUND, ar: ARABIC }, "nb", LANGUAGES);
  assert.equal(words.t("found", { school: "Fjord skole" }), "Finn Fjord skole");
  words.choose("ar");
  assert.equal(words.t("found", { school: "Fjord skole" }), "ابحث عن \u2068Fjord skole\u2069");
});

test("numbers stand in the reader's digits, and in ours where the browser does not know the language", () => {
  fakePage();
  const words = new Words({ ...FOUND, ar: ARABIC, se: {} }, "nb", LANGUAGES);
  assert.equal(words.t("n", { n: 12 }), "12 på kartet");
  words.choose("ar");
  assert.equal(words.number(12), new Intl.NumberFormat("ar").format(12));
  assert.match(words.t("n", { n: 12 }), /\u2068(12|١٢)\u2069$/);
  words.choose("se");
  assert.equal(words.number(12), "12");
});

test("a language that the page has no texts for yet is shown as soon as the survey brings them", () => {
  const root = fakePage();
  const words = new Words(FOUND, "nb", LANGUAGES.slice(0, 1));
  words.choose("ar");
  assert.deepEqual([words.language, root.dir], ["nb", "ltr"]);
  words.adopt({ languages: LANGUAGES, default_language: "nb", texts: { ar: ARABIC } }, words.language);
  assert.deepEqual([words.language, root.dir], ["ar", "rtl"]);
});

test("a language that the survey does not offer is never chosen", () => {
  fakePage();
  const words = new Words({ ...FOUND, ar: ARABIC }, "ar", LANGUAGES);
  words.adopt({ languages: LANGUAGES.slice(0, 1), default_language: "nb", texts: {} }, "ar");
  assert.equal(words.language, "nb");
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
