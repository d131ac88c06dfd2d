/** The words of the page in the chosen language. They all come from the server; a missing one falls back to the survey's own language. */

import { breakable } from "./hyphens.js";

/** @typedef {Record<string, Record<string, string>>} Texts  {language: {key: text}} */
/** @typedef {{code: string, name: string, dir: string}} Language */

export class Words extends EventTarget {
  /**
   * @param {Texts} texts
   * @param {string} language
   * @param {Language[]} [languages]  that are known before the survey is
   */
  constructor(texts, language, languages = []) {
    super();
    this.texts = texts;
    this.language = language;
    /** What was asked for, which the page can show once the survey has brought its texts. */
    this.wanted = language;
    this.fallback = language;
    this.languages = languages;
    /** @type {Record<string, Record<string, string>>} */
    this.recordings = {};
  }

  /** @returns {boolean} whether the chosen language runs from right to left */
  get isFromTheRight() {
    return this.languages.find((one) => one.code === this.language)?.dir === "rtl";
  }

  /**
   * The languages of a survey and its words, once they are known.
   * @param {{languages: Language[], default_language: string, texts: Texts, recordings?: Record<string, Record<string, string>>}} bundle
   * @param {string | null} wanted
   */
  adopt(bundle, wanted) {
    this.texts = { ...this.texts, ...bundle.texts };
    this.languages = bundle.languages;
    this.fallback = bundle.default_language;
    this.recordings = bundle.recordings ?? {};
    const wish = wanted === this.language ? this.wanted : wanted;
    const offered = bundle.languages.some((language) => language.code === wish);
    this.choose(offered && wish ? wish : bundle.default_language);
  }

  /**
   * Switch language in place; one whose texts are not here yet waits for them.
   * @param {string} language
   */
  choose(language) {
    this.wanted = language;
    this.language = language in this.texts ? language : this.fallback;
    document.documentElement.lang = this.language;
    document.documentElement.dir = this.isFromTheRight ? "rtl" : "ltr";
    document.title = `Tråkk – ${this.t("page.title")}`;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * A text by its key, with {names} filled in.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   * @returns {string}
   */
  t(key, values = {}) {
    const text = this.texts[this.language]?.[key] ?? this.texts[this.fallback]?.[key] ?? this.texts.nb?.[key] ?? "";
    return text.replace(/\{(\w+)\}/g, (whole, name) => this.#filling(values[name] ?? whole));
  }

  /**
   * What is filled into a sentence. A school's name keeps its own direction within Arabic, and the full stop stays at the sentence's end.
   * @param {string | number} value
   */
  #filling(value) {
    const text = typeof value === "number" ? this.number(value) : value;
    return this.isFromTheRight ? `\u2068${text}\u2069` : text;
  }

  /**
   * A number in the digits of the chosen language; where the browser does not know the language, in ours.
   * @param {number} value
   * @returns {string}
   */
  number(value) {
    return new Intl.NumberFormat([this.language, "nb"]).format(value);
  }

  /**
   * The recording of a part of the survey, such as "questions.arstid", in the chosen language.
   * @param {string} part
   * @returns {string | undefined}
   */
  recording(part) {
    return this.recordings[this.language]?.[part];
  }

  /**
   * The entry of a {language: …} object in the chosen language.
   * @template T
   * @param {Record<string, T> | undefined} words
   * @returns {T | undefined}
   */
  of(words) {
    return words?.[this.language] ?? words?.[this.fallback] ?? Object.values(words ?? {})[0];
  }

  /**
   * The label of a theme, category or question.
   * @param {{words: Record<string, {label?: string, prompt?: string, help?: string}>}} thing
   * @returns {string}
   */
  label(thing) {
    return this.of(thing.words)?.label ?? "";
  }

  /**
   * A text for a narrow place: long words may be broken where their language breaks them.
   * @param {string} text
   */
  narrow(text) {
    return breakable(text, this.language);
  }

  /**
   * What a theme or category asks for; its label when it asks nothing.
   * @param {{words: Record<string, {label?: string, prompt?: string}>}} thing
   * @returns {string}
   */
  prompt(thing) {
    return this.of(thing.words)?.prompt ?? "";
  }
}
