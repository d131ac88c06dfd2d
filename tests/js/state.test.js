import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addMark,
  beginHistory,
  changeMark,
  countOf,
  forgetAhead,
  giveAnswer,
  markOf,
  redo,
  removeMark,
  undo,
} from "../../static/js/state.js";
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

test("redo walks the same way forwards again, and ends where it began", () => {
  let history = addMark(beginHistory([], { glad: 3 }), place("a"));
  history = changeMark(history, "a", { geometry: { type: "Point", coordinates: SCHOOL } }, { verb: "move" });
  history = giveAnswer(history, "glad", 5);
  history = removeMark(history, "a");
  const end = { marks: history.marks, answers: history.answers };
  for (let back = undo(history); back; back = undo(history)) {
    history = back.history;
  }
  assert.deepEqual([history.marks, history.answers], [[], { glad: 3 }]);
  /** @type {string[]} */
  const verbs = [];
  for (let on = redo(history); on; on = redo(history)) {
    history = on.history;
    verbs.push(`${on.redone.verb} ${on.redone.key}: ${history.marks.length} ${history.answers.glad}`);
  }
  assert.deepEqual(verbs, ["add a: 1 3", "move a: 1 3", "answer glad: 1 5", "remove a: 0 5"]);
  assert.deepEqual({ marks: history.marks, answers: history.answers }, end);
  assert.equal(stepBack(history).undone.verb, "remove");
});

test("something new takes away what could have been redone", () => {
  let history = addMark(addMark(beginHistory(), place("a")), place("b"));
  history = addMark(stepBack(history).history, place("c"));
  assert.equal(redo(history), null);
  history = forgetAhead(stepBack(history).history);
  assert.equal(redo(history), null);
  assert.equal(forgetAhead(history), history);
});

test("letters typed after a redo are a step of their own", () => {
  let history = changeMark(addMark(beginHistory(), place("a")), "a", { comment: "F" }, { merge: "comment" });
  history = /** @type {NonNullable<ReturnType<typeof redo>>} */ (redo(stepBack(history).history)).history;
  history = changeMark(history, "a", { comment: "Fi" }, { merge: "comment" });
  assert.equal(stepBack(history).history.marks[0].comment, "F");
});

test("an answer is a step back like a mark, and a taken back one, too", () => {
  let history = giveAnswer(beginHistory(), "lov", "ja");
  history = giveAnswer(history, "lov", null);
  assert.deepEqual(history.answers, {});
  assert.equal(giveAnswer(history, "lov", null), history);
  const back = stepBack(history);
  assert.deepEqual([back.history.answers, back.undone.verb, back.undone.key], [{ lov: "ja" }, "answer", "lov"]);
});

test("the letters of one answer are one step, those of another question another", () => {
  let history = beginHistory();
  for (const text of ["E", "En", "En benk"]) {
    history = giveAnswer(history, "annet", text, "annet");
  }
  history = giveAnswer(history, "mer", "x", "mer");
  assert.deepEqual(stepBack(stepBack(history).history).history.answers, {});
});

test("letters typed after an undo are a step of their own, too", () => {
  let history = changeMark(addMark(beginHistory(), place("a")), "a", { comment: "F" }, { merge: "comment" });
  history = stepBack(changeMark(history, "a", { mode: "ga" })).history;
  history = changeMark(history, "a", { comment: "Fi" }, { merge: "comment" });
  assert.equal(stepBack(history).history.marks[0].comment, "F");
});
