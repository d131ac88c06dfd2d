/** What the pupil has made and answered, as immutable snapshots: undo is stepping back, redo stepping on, whatever was done. No DOM. */

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {import("geojson").Geometry} Geometry */

/**
 * @typedef {object} Mark
 * @property {string} key        the tablet's own name for it; survives undoing a deletion, unlike the id that the server knows
 * @property {string} category   code
 * @property {"place" | "route" | "area"} kind
 * @property {Geometry | null} geometry   what may be sent; of a route the trimmed part, or null when too little is left
 * @property {Position[] | null} drawn    a route as the finger drew it: in memory only, gone after a reload
 * @property {Position[][]} cut           the parts of it that stay on the tablet
 * @property {string | null} mode         how the child travels
 * @property {string} comment
 * @property {Record<string, unknown>} answers
 */
/** @typedef {Readonly<Record<string, unknown>>} Answers  to questions that hang on no mark, by code */
/** @typedef {"add" | "change" | "move" | "shape" | "remove" | "answer"} Verb */
/** @typedef {{marks: readonly Mark[], answers: Answers}} Snapshot */
/**
 * @typedef {Snapshot & {verb: Verb, key: string, merge: string | null}} Step  how it was before (after, among those ahead) it was done;
 *   the key is a mark's, or a question's code
 */
/** @typedef {Snapshot & {steps: readonly Step[], ahead: readonly Step[]}} History  ahead: what was undone, the next to redo last */

/** More steps back than anyone remembers having done. */
const MOST_STEPS = 200;

/**
 * @param {readonly Mark[]} marks  what is there already, after a reload
 * @param {Answers} answers
 * @returns {History}
 */
export function beginHistory(marks = [], answers = {}) {
  return Object.freeze({
    marks: Object.freeze([...marks]),
    answers: Object.freeze({ ...answers }),
    steps: Object.freeze([]),
    ahead: Object.freeze([]),
  });
}

/**
 * @param {History} history
 * @param {Mark} mark
 * @returns {History}
 */
export function addMark(history, mark) {
  return step(history, [...history.marks, Object.freeze({ ...mark })], "add", mark.key, null);
}

/**
 * Change a mark. Changes with the same `merge` that follow each other (the letters of a word) are one step back.
 * @param {History} history
 * @param {string} key
 * @param {Partial<Mark>} patch
 * @param {{verb?: Verb, merge?: string | null}} [options]
 * @returns {History}
 */
export function changeMark(history, key, patch, { verb = "change", merge = null } = {}) {
  const before = markOf(history, key);
  if (!before || Object.entries(patch).every(([name, value]) => before[/** @type {keyof Mark} */ (name)] === value)) {
    return history;
  }
  const marks = history.marks.map((mark) => (mark.key === key ? Object.freeze({ ...mark, ...patch }) : mark));
  return step(history, marks, verb, key, merge);
}

/**
 * @param {History} history
 * @param {string} key
 * @returns {History}
 */
export function removeMark(history, key) {
  if (!markOf(history, key)) {
    return history;
  }
  return step(
    history,
    history.marks.filter((mark) => mark.key !== key),
    "remove",
    key,
    null,
  );
}

/**
 * Answer a question that hangs on no mark; null takes the answer back.
 * @param {History} history
 * @param {string} code
 * @param {unknown} value
 * @param {string | null} merge
 * @returns {History}
 */
export function giveAnswer(history, code, value, merge = null) {
  const { [code]: before, ...others } = history.answers;
  if (before === value || (before === undefined && value === null)) {
    return history;
  }
  const answers = value === null ? others : { ...others, [code]: value };
  return step(history, history.marks, "answer", code, merge, answers);
}

/**
 * Step back once; null when there is nothing to undo.
 * @param {History} history
 * @returns {{history: History, undone: Step} | null}
 */
export function undo(history) {
  const undone = history.steps.at(-1);
  if (!undone) {
    return null;
  }
  const ahead = [...history.ahead, Object.freeze({ ...undone, marks: history.marks, answers: history.answers })];
  return { history: at(undone, history.steps.slice(0, -1), ahead), undone };
}

/**
 * Step on again; null when nothing was undone, or something else was done since.
 * @param {History} history
 * @returns {{history: History, redone: Step} | null}
 */
export function redo(history) {
  const redone = history.ahead.at(-1);
  if (!redone) {
    return null;
  }
  // What comes after is a step of its own, whatever it could have been merged with before.
  const steps = [...history.steps, Object.freeze({ ...redone, marks: history.marks, answers: history.answers, merge: null })];
  return { history: at(redone, steps, history.ahead.slice(0, -1)), redone };
}

/**
 * What was undone is no longer wanted.
 * @param {History} history
 * @returns {History}
 */
export function forgetAhead(history) {
  return history.ahead.length > 0 ? at(history, history.steps, []) : history;
}

/**
 * @param {History} history
 * @param {string} key
 * @returns {Mark | undefined}
 */
export function markOf(history, key) {
  return history.marks.find((mark) => mark.key === key);
}

/**
 * How many marks of a category there are.
 * @param {History} history
 * @param {string} category
 * @returns {number}
 */
export function countOf(history, category) {
  return history.marks.filter((mark) => mark.category === category).length;
}

/**
 * @param {History} history
 * @param {readonly Mark[]} marks
 * @param {Verb} verb
 * @param {string} key
 * @param {string | null} merge
 * @param {Answers} answers
 * @returns {History}
 */
function step(history, marks, verb, key, merge, answers = history.answers) {
  const last = history.steps.at(-1);
  const merged = merge !== null && last?.merge === merge && last.key === key && history.ahead.length === 0;
  const before = Object.freeze({ marks: history.marks, answers: history.answers, verb, key, merge });
  const steps = merged ? history.steps : [...history.steps, before];
  return at({ marks, answers }, steps.slice(-MOST_STEPS), []);
}

/**
 * @param {Snapshot} snapshot
 * @param {readonly Step[]} steps
 * @param {readonly Step[]} ahead
 * @returns {History}
 */
function at({ marks, answers }, steps, ahead) {
  return Object.freeze({
    marks: Object.freeze([...marks]),
    answers: Object.freeze(answers),
    steps: Object.freeze([...steps]),
    ahead: Object.freeze([...ahead]),
  });
}
