/**
 * Reading aloud: what somebody has recorded for the survey, else the tablet's own voice. A button that could say nothing is not shown.
 * Only voices that live on the tablet: the others send every text to a company's server.
 */

import { iconButton } from "../dom.js";

/** @typedef {import("../words.js").Words} Words */

/** Which voices will do for a language, best first; Norwegian voices call themselves by several names. */
const VOICES = /** @type {Record<string, string[]>} */ ({ nb: ["nb", "no"], nn: ["nn", "nb", "no"] });

const synthesis = globalThis.speechSynthesis;

/** @type {HTMLAudioElement | null} */
let recording = null;

/**
 * @param {string} language
 * @param {SpeechSynthesisVoice[]} [voices]
 * @returns {SpeechSynthesisVoice | undefined}
 */
export function voiceFor(language, voices = synthesis?.getVoices() ?? []) {
  const local = voices.filter((voice) => voice.localService);
  for (const code of VOICES[language] ?? [language]) {
    const found = local.find((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === code);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/**
 * Say a text; what is being said stops.
 * @param {string} text
 * @param {string} language
 */
function speak(text, language) {
  const voice = voiceFor(language);
  if (!voice) {
    return;
  }
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 0.95;
  synthesis.speak(utterance);
}

/**
 * A button that reads a text aloud. Browsers load their voices late, so a button without a voice waits unseen.
 * @param {Words} words
 * @param {string} text
 * @param {string} [part]   of the survey, such as "questions.arstid": the recording to play if there is one
 * @returns {HTMLButtonElement}
 */
export function readAloud(words, text, part = "") {
  const { language } = words;
  const url = words.recording(part);
  const onclick = () => {
    synthesis?.cancel();
    recording?.pause();
    if (url) {
      recording = new Audio(url);
      // Without network, or where the tablet cannot play it, the voice says it.
      recording.play().catch(() => speak(text, language));
    } else {
      speak(text, language);
    }
  };
  const aloud = iconButton(words.t("read.aloud"), "volume-2", { class: "read-aloud", "data-voice": url ? null : language, onclick });
  aloud.hidden = !url && !voiceFor(language);
  return aloud;
}

/**
 * A question with all that can be answered, for those who do not read yet.
 * @param {{label?: string, help?: string, options?: Record<string, string>, rows?: Record<string, string>}} text
 * @param {string[]} [options]  codes, in the order they are shown
 * @param {string[]} [rows]
 * @returns {string}
 */
export function spoken(text, options = [], rows = []) {
  const parts = [text.label, text.help, ...rows.map((code) => text.rows?.[code]), ...options.map((code) => text.options?.[code])];
  return parts
    .filter(Boolean)
    .map((part) => (/[.!?؟…]$/.test(part ?? "") ? part : `${part}.`))
    .join(" ");
}

synthesis?.addEventListener?.("voiceschanged", () => {
  for (const aloud of document.querySelectorAll(".read-aloud[data-voice]")) {
    if (aloud instanceof HTMLElement) {
      aloud.hidden = !voiceFor(aloud.dataset.voice ?? "");
    }
  }
});
