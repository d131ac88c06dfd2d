import assert from "node:assert/strict";
import { test } from "node:test";
import { addMark, beginHistory, changeMark, countOf, markOf, removeMark, undo } from "../../static/js/state.js";
import { HOME, SCHOOL } from "./places.js";

/**
 * @param {string} key
 * @param {Partial<import("../../static/js/state.js").Mark>} [more]
 * @returns {import("../../static/js/state.js").Mark}
 */
function place(key, more = {}) {
  return {
    key,
    category: "fint",
    kind: "place",
    geometry: { type: "Point", coordinates: HOME },
    drawn: null,
    cut: [],
    mode: null,
    comment: "",
    answers: {},
    ...more,
  };
}

/** @param {import("../../static/js/state.js").History} history */
const stepBack = (history) => {
  const back = undo(history);
  assert.ok(back);
  return back;
};

test("undo walks back over adding, moving, editing and deleting, across marks", () => {
  let history = addMark(beginHistory(), place("a"));
  history = addMark(history, place("b", { category: "farlig" }));
  history = changeMark(history, "a", { geometry: { type: "Point", coordinates: SCHOOL } }, { verb: "move" });
  history = changeMark(history, "b", { comment: "Bilene kjører fort" });
  history = removeMark(history, "a");
  /** @type {string[]} */
  const verbs = [];
  for (let back = undo(history); back; back = undo(history)) {
    history = back.history;
    verbs.push(`${back.undone.verb} ${back.undone.key}: ${history.marks.map((mark) => mark.key).join("")}`);
  }
  assert.deepEqual(verbs, ["remove a: ab", "change b: ab", "move a: ab", "add b: a", "add a: "]);
});

test("undoing a move puts the mark back where it was", () => {
  const history = changeMark(
    addMark(beginHistory(), place("a")),
    "a",
    { geometry: { type: "Point", coordinates: SCHOOL } },
    { verb: "move" },
  );
  assert.deepEqual(stepBack(history).history.marks[0].geometry, { type: "Point", coordinates: HOME });
});

test("the letters of one word are one step back, another field is another", () => {
  let history = addMark(beginHistory(), place("a"));
  for (const comment of ["F", "Fi", "Fin"]) {
    history = changeMark(history, "a", { comment }, { merge: "comment" });
  }
  history = changeMark(history, "a", { mode: "ga" });
  const back = stepBack(history);
  assert.equal(back.history.marks[0].comment, "Fin");
  assert.equal(stepBack(back.history).history.marks[0].comment, "");
});

test("a change that changes nothing is no step", () => {
  const history = addMark(beginHistory(), place("a"));
  assert.equal(changeMark(history, "a", { comment: "" }), history);
  assert.equal(changeMark(history, "nobody", { comment: "x" }), history);
  assert.equal(removeMark(history, "nobody"), history);
});

test("what was there after a reload cannot be undone away", () => {
  assert.equal(undo(beginHistory([place("a")])), null);
});

test("snapshots cannot be changed in place", () => {
  const history = addMark(beginHistory(), place("a"));
  assert.throws(() => /** @type {any} */ (history.marks).push(place("b")), TypeError);
  assert.throws(() => Object.assign(history.marks[0], { comment: "x" }), TypeError);
});

test("marks are counted by category and found by key", () => {
  const history = addMark(addMark(beginHistory(), place("a")), place("b", { category: "farlig" }));
  assert.equal(countOf(history, "fint"), 1);
  assert.equal(countOf(history, "ballspill"), 0);
  assert.equal(markOf(history, "b")?.category, "farlig");
});
