import assert from "node:assert/strict";
import { test } from "node:test";
import { spoken, voiceFor } from "../../static/js/pupil/speech.js";

/** @param {string} lang */
const voice = (lang, localService = true) => /** @type {SpeechSynthesisVoice} */ ({ lang, localService, name: lang });

test("a voice is found by its language, whatever it calls its country", () => {
  assert.equal(voiceFor("ar", [voice("en-GB"), voice("ar_SA")])?.lang, "ar_SA");
  assert.equal(voiceFor("nb", [voice("no")])?.lang, "no");
  assert.equal(voiceFor("nn", [voice("nb-NO"), voice("nn-NO")])?.lang, "nn-NO");
  assert.equal(voiceFor("nn", [voice("nb-NO")])?.lang, "nb-NO");
});

test("no voice is better than one of another language", () => {
  assert.equal(voiceFor("se", [voice("nb-NO"), voice("seh-MZ")]), undefined);
  assert.equal(voiceFor("uk", []), undefined);
});

test("a voice that sends what it reads to a server is not used", () => {
  assert.equal(voiceFor("nb", [voice("nb-NO", false)]), undefined);
  assert.equal(voiceFor("nb", [voice("nb-NO", false), voice("no")])?.lang, "no");
});

test("a question is read with all that can be answered, in the order it is shown", () => {
  const text = { label: "Hvor ofte er du her?", options: { b: "Ofte", a: "Aldri" }, rows: { s: "I skogen" } };
  assert.equal(spoken(text, ["a", "b"], ["s"]), "Hvor ofte er du her? I skogen. Aldri. Ofte.");
  assert.equal(spoken({ label: "كم مرة؟" }), "كم مرة؟");
});
