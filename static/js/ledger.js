/**
 * What the server has been told of each mark, and what it must be told next. Pure: compares marks with what was said last, so that
 * drawing, undoing, editing and deleting need not know of revisions.
 */

/** @typedef {import("./state.js").Mark} Mark */
/**
 * @typedef {{id: string, rev: number, said: string | null, zones: readonly import("./trim.js").Zone[]}} Entry  `said` is null once it is
 *   deleted; zones are those that a route stays out of
 */
/** @typedef {Readonly<Record<string, Entry>>} Ledger  by the key of a mark */
/** @typedef {{method: "PUT" | "DELETE", id: string, rev: number, body: string | null}} Message */

/**
 * The new ledger, and the messages that bring the server up to these marks.
 * @param {Ledger} ledger
 * @param {readonly Mark[]} marks
 * @param {() => string} newId  a UUIDv4
 * @returns {{ledger: Ledger, messages: Message[]}}
 */
export function reconcile(ledger, marks, newId) {
  /** @type {Record<string, Entry>} */
  const next = { ...ledger };
  /** @type {Message[]} */
  const messages = [];
  for (const mark of marks) {
    const said = essence(mark);
    const entry = ledger[mark.key];
    if (entry && entry.said === said) {
      continue;
    }
    // A deleted id stays deleted: what comes back by undo gets a new one, and keeps its zones.
    const alive = entry !== undefined && entry.said !== null;
    const id = alive ? entry.id : newId();
    const rev = alive ? entry.rev + 1 : 1;
    next[mark.key] = { id, rev, said, zones: entry?.zones ?? [] };
    messages.push({ method: "PUT", id, rev, body: featureBody(mark, rev) });
  }
  const keys = new Set(marks.map((mark) => mark.key));
  for (const [key, entry] of Object.entries(ledger)) {
    if (!keys.has(key) && entry.said !== null) {
      const rev = entry.rev + 1;
      next[key] = { ...entry, rev, said: null };
      messages.push({ method: "DELETE", id: entry.id, rev, body: null });
    }
  }
  return { ledger: next, messages };
}

/**
 * Remember what a route stays out of, before anything of it is sent.
 * @param {Ledger} ledger
 * @param {string} key
 * @param {string} id
 * @param {readonly import("./trim.js").Zone[]} zones
 * @returns {Ledger}
 */
export function withZones(ledger, key, id, zones) {
  const entry = ledger[key] ?? { id, rev: 0, said: null, zones };
  return { ...ledger, [key]: { ...entry, zones } };
}

/**
 * What all routes but one stay out of, those that were deleted included.
 * @param {Ledger} ledger
 * @param {string} key
 * @returns {import("./trim.js").Zone[]}
 */
export function zonesOfOthers(ledger, key) {
  return Object.entries(ledger).flatMap(([other, entry]) => (other === key ? [] : entry.zones));
}

/**
 * The exact body of a PUT. Only what may leave the tablet is named here.
 * @param {Mark} mark
 * @param {number} rev
 * @returns {string}
 */
export function featureBody(mark, rev) {
  const { category, mode, comment, answers } = mark;
  return JSON.stringify({ type: "Feature", rev, geometry: mark.geometry, properties: { category, mode, comment, answers } });
}

/**
 * A mark without its revision, to tell whether anything changed.
 * @param {Mark} mark
 * @returns {string}
 */
export function essence(mark) {
  return featureBody(mark, 0);
}
