/**
 * Where a long word may be broken, for a language whose words are long and whose rules no browser knows. Pure.
 * Northern Sámi breaks before the last consonant that stands between two vowels: As-toáig-ge-geaid-nu.
 */

const SOFT_HYPHEN = "\u00ad";
/** Shorter words find room. */
const LONG = 9;
const VOWELS = "aáeiouåäöøæy";
const LONG_WORD = new RegExp(`\\p{L}{${LONG},}`, "gu");
const BREAK = new RegExp(`(?<=[${VOWELS}][^${VOWELS}]*)(?=[^${VOWELS}][${VOWELS}])`, "giu");

/**
 * The text with soft hyphens in its long words: seen only where a line ends in one. For what is shown, not for what is compared or sent.
 * @param {string} text
 * @param {string} language
 * @returns {string}
 */
export function breakable(text, language) {
  return language === "se" ? text.replace(LONG_WORD, broken) : text;
}

/** @param {string} word */
function broken(word) {
  return word.split(BREAK).join(SOFT_HYPHEN);
}
