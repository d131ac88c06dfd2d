/** The words of the page in the chosen language. They all come from the server; a missing one falls back to the survey's own language. */

/** @typedef {Record<string, Record<string, string>>} Texts  {language: {key: text}} */

export class Words extends EventTarget {
  /**
   * @param {Texts} texts
   * @param {string} language
   */
  constructor(texts, language) {
    super();
    this.texts = texts;
    this.language = language;
    this.fallback = language;
    /** @type {{code: string, name: string, dir: string}[]} */
    this.languages = [];
  }

  /**
   * The languages of a survey and its words, once they are known.
   * @param {{languages: {code: string, name: string, dir: string}[], default_language: string, texts: Texts}} bundle
   * @param {string | null} wanted
   */
  adopt(bundle, wanted) {
    this.texts = { ...this.texts, ...bundle.texts };
    this.languages = bundle.languages;
    this.fallback = bundle.default_language;
    const offered = bundle.languages.some((language) => language.code === wanted);
    this.choose(offered && wanted ? wanted : bundle.default_language);
  }

  /**
   * Switch language in place.
   * @param {string} language
   */
  choose(language) {
    this.language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = this.languages.find((one) => one.code === language)?.dir ?? "ltr";
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
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
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
   * What a theme or category asks for; its label when it asks nothing.
   * @param {{words: Record<string, {label?: string, prompt?: string}>}} thing
   * @returns {string}
   */
  prompt(thing) {
    return this.of(thing.words)?.prompt ?? "";
  }
}
