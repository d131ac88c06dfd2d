/** Putting a pupil's work together again after a reload: what the server has, and over it what the tablet has not delivered yet. Pure. */

import { essence } from "./ledger.js";

/** @typedef {import("./state.js").Mark} Mark */
/** @typedef {import("./outbox_rules.js").Job} Job */

/**
 * @param {object} known
 * @param {any | null} known.mine       GET responses/{response}; null when the server could not be asked
 * @param {readonly import("./tablet.js").Copy[]} known.copies  what this tablet has said, for when the server could not be asked
 * @param {readonly Job[]} known.jobs   of this response, without a receipt
 * @param {import("./tablet.js").Session} known.session
 * @param {Map<string, any>} known.categories  by code
 * @returns {import("./work.js").Restored & {answersRev: number, isWhole: boolean}}  isWhole: whether this is all that was said; an answer given
 *   on top of less would take the place of the others
 */
export function restore({ mine, copies, jobs, session, categories }) {
  /** @type {Map<string, {rev: number, feature: any}>} */
  const features = new Map();
  for (const feature of mine?.marks ?? []) {
    features.set(feature.id, { rev: feature.rev, feature });
  }
  let answers = mine?.answers?.answers ?? {};
  let knownRev = mine?.answers?.rev ?? 0;
  for (const job of mine ? jobs : [...copies, ...jobs]) {
    if (job.resource === "finish") {
      continue;
    }
    const id = job.resource.slice("marks/".length);
    const isOld = job.method === "PUT" && job.rev < (job.resource === "answers" ? (mine?.answers?.rev ?? 0) : (features.get(id)?.rev ?? 0));
    if (isOld) {
      // What was said after it has arrived, by the goodbye of the page before.
      continue;
    }
    if (job.resource === "answers") {
      answers = JSON.parse(job.body ?? "{}").answers ?? answers;
      knownRev = Math.max(knownRev, job.rev);
    } else if (job.method === "DELETE") {
      features.delete(id);
    } else {
      features.set(id, { rev: job.rev, feature: JSON.parse(job.body ?? "null") });
    }
  }
  const hasCopies = session.receipt === null && session.copied !== false && knownRev >= session.answersRev;
  const answersRev = Math.max(session.answersRev, knownRev);
  return { answers, answersRev, isWhole: mine !== null || hasCopies, ...entriesOf(features, session, categories) };
}

/**
 * @param {Map<string, {rev: number, feature: any}>} features
 * @param {import("./tablet.js").Session} session
 * @param {Map<string, any>} categories
 */
function entriesOf(features, session, categories) {
  const keys = new Map(Object.entries(session.ledger).map(([key, entry]) => [entry.id, key]));
  /** @type {Mark[]} */
  const marks = [];
  /** @type {Record<string, import("./ledger.js").Entry>} */
  const ledger = {};
  for (const [key, entry] of Object.entries(session.ledger)) {
    // Unknown to the server now, or not asked: nothing to say of it, but its zones stay what they were; a page from before there were any kept none.
    ledger[key] = { id: entry.id, rev: entry.rev, said: null, zones: entry.zones ?? [] };
  }
  for (const [id, { rev, feature }] of features) {
    const category = categories.get(feature.properties.category);
    if (category) {
      const key = keys.get(id) ?? id;
      const mark = markFrom(key, category, feature);
      marks.push(mark);
      ledger[key] = { id, rev: Math.max(rev, ledger[key]?.rev ?? 0), said: essence(mark), zones: ledger[key]?.zones ?? [] };
    }
  }
  return { marks, ledger };
}

/**
 * @param {string} key
 * @param {any} category
 * @param {any} feature
 * @returns {Mark}
 */
function markFrom(key, category, feature) {
  const { mode, comment, answers } = feature.properties;
  return {
    key,
    category: category.code,
    kind: category.kind,
    geometry: feature.geometry ?? null,
    drawn: null,
    cut: [],
    mode: mode || null,
    comment: comment ?? "",
    answers: answers ?? {},
  };
}
