/** What the pupil has made, as immutable snapshots: undo is stepping back, whatever was done. No DOM. */

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
/** @typedef {"add" | "change" | "move" | "remove"} Verb */
/** @typedef {{marks: readonly Mark[], verb: Verb, key: string, merge: string | null}} Step  the marks before it was done */
/** @typedef {{marks: readonly Mark[], steps: readonly Step[]}} History */

/** More steps back than anyone remembers having done. */
const MOST_STEPS = 200;

/**
 * @param {readonly Mark[]} marks  what is there already, after a reload
 * @returns {History}
 */
export function beginHistory(marks = []) {
  return Object.freeze({ marks: Object.freeze([...marks]), steps: Object.freeze([]) });
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
 * Step back once; null when there is nothing to undo.
 * @param {History} history
 * @returns {{history: History, undone: Step} | null}
 */
export function undo(history) {
  const undone = history.steps.at(-1);
  if (!undone) {
    return null;
  }
  return { history: Object.freeze({ marks: undone.marks, steps: Object.freeze(history.steps.slice(0, -1)) }), undone };
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
 * @returns {History}
 */
function step(history, marks, verb, key, merge) {
  const last = history.steps.at(-1);
  const merged = merge !== null && last?.merge === merge && last.key === key;
  const steps = merged ? history.steps : [...history.steps, Object.freeze({ marks: history.marks, verb, key, merge })];
  return Object.freeze({ marks: Object.freeze([...marks]), steps: Object.freeze(steps.slice(-MOST_STEPS)) });
}
