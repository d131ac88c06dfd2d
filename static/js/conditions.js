/** Which questions are asked: none that is retired; with a condition only of who gave one of its answers. No DOM. As surveys/conditions.py. */

/**
 * @typedef {object} Question  of the bundle; a bundle from before conditions has neither of the last two
 * @property {string} code
 * @property {{question: string, answers: string[]} | null} [condition]
 * @property {boolean} [retired]
 */

/**
 * Whether a question is asked of somebody who has given these answers.
 * @param {Question} question
 * @param {readonly Question[]} questions  all of the survey
 * @param {Readonly<Record<string, unknown>>} answers  by code: of the mark it is asked of, or those that hang on no mark
 * @returns {boolean}
 */
export function isAsked(question, questions, answers) {
  const seen = new Set();
  let here = question;
  while (here.condition) {
    const { question: code, answers: wanted } = here.condition;
    const earlier = questions.find((one) => one.code === code);
    const given = answers[code];
    const isMet = (Array.isArray(given) ? given : [given]).some((one) => wanted.includes(one));
    if (!earlier || seen.has(code) || !isMet) {
      return false;
    }
    seen.add(code);
    here = earlier;
  }
  return question.retired !== true;
}

/**
 * The next thing in a list, on or back, that is asked just now; its length, or -1, when there is none.
 * @template T
 * @param {readonly T[]} list
 * @param {number} from
 * @param {1 | -1} way
 * @param {(one: T) => boolean} isOn
 * @returns {number}
 */
export function nextOf(list, from, way, isOn) {
  let at = from + way;
  while (at >= 0 && at < list.length && !isOn(list[at])) {
    at += way;
  }
  return at;
}
