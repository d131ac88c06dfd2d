/** Reading aloud with the tablet's own voice, where it has one for the language. */

/** Which voices will do for a language; Norwegian voices call themselves by several names. */
const VOICES = /** @type {Record<string, string[]>} */ ({ nb: ["nb", "no"], nn: ["nn", "nb", "no"], se: ["se"] });

/**
 * @param {string} language
 * @returns {SpeechSynthesisVoice | undefined}
 */
function voiceFor(language) {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  const wanted = VOICES[language] ?? [language];
  return voices.find((voice) => wanted.some((code) => voice.lang.toLowerCase().startsWith(code)));
}

/**
 * @param {string} language
 * @returns {boolean}
 */
export function canSpeak(language) {
  return voiceFor(language) !== undefined;
}

/**
 * Say a text; what is being said stops.
 * @param {string} text
 * @param {string} language
 */
export function speak(text, language) {
  const voice = voiceFor(language);
  if (!voice) {
    return;
  }
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  utterance.rate = 0.95;
  window.speechSynthesis.cancel();
  window.speechSynthesis.speak(utterance);
}

/**
 * Browsers load their voices late.
 * @param {() => void} listener
 */
export function onVoices(listener) {
  window.speechSynthesis?.addEventListener?.("voiceschanged", listener);
}
