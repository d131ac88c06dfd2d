import assert from "node:assert/strict";
import { test } from "node:test";
import { essence, featureBody, reconcile, withZones, zonesOfOthers } from "../../static/js/ledger.js";
import { addMark, beginHistory, changeMark, removeMark, undo } from "../../static/js/state.js";
import { HOME, SCHOOL } from "./places.js";

/** @typedef {import("../../static/js/state.js").Mark} Mark */

const ZONE = { centre: HOME, radiusM: 250 };

/** @type {Mark} */
const ROUTE = {
  key: "r",
  category: "skoleveg",
  kind: "route",
  geometry: { type: "LineString", coordinates: [[5.33, 60.395], SCHOOL] },
  drawn: [HOME, [5.33, 60.395], SCHOOL],
  cut: [[HOME, [5.33, 60.395]]],
  mode: "ga",
  comment: "",
  answers: { skoleveg_trygghet: "4" },
};

/** Ids in order, to tell them apart. */
function ids() {
  let n = 0;
  return () => {
    n += 1;
    return `id-${n}`;
  };
}

test("a new mark is put with revision 1, a changed one with the next, an unchanged one not at all", () => {
  const newId = ids();
  const added = addMark(beginHistory(), ROUTE);
  const first = reconcile({}, added.marks, newId);
  assert.deepEqual(
    first.messages.map(({ method, id, rev }) => [method, id, rev]),
    [["PUT", "id-1", 1]],
  );
  assert.deepEqual(reconcile(first.ledger, added.marks, newId).messages, []);
  const second = reconcile(first.ledger, changeMark(added, "r", { mode: "sykle" }).marks, newId);
  assert.deepEqual(
    second.messages.map(({ method, id, rev }) => [method, id, rev]),
    [["PUT", "id-1", 2]],
  );
});

test("the body holds exactly what the contract names, and nothing of the cut part", () => {
  const body = JSON.parse(featureBody(ROUTE, 3));
  assert.deepEqual(Object.keys(body), ["type", "rev", "geometry", "properties"]);
  assert.deepEqual(Object.keys(body.properties), ["category", "mode", "comment", "answers"]);
  assert.equal(body.rev, 3);
  assert.ok(!featureBody(ROUTE, 3).includes(String(HOME[0])));
});

test("what only the tablet sees is no change to the server", () => {
  assert.equal(essence(ROUTE), essence({ ...ROUTE, drawn: null, cut: [] }));
});

test("a deleted mark is deleted with a higher revision than anything said of it", () => {
  const newId = ids();
  const added = addMark(beginHistory(), ROUTE);
  const { ledger } = reconcile({}, added.marks, newId);
  const { messages } = reconcile(ledger, removeMark(added, "r").marks, newId);
  assert.deepEqual(messages, [{ method: "DELETE", id: "id-1", rev: 2, body: null }]);
});

test("undoing a deletion sends it under a new id, since a deleted id stays deleted, and with its old zones", () => {
  const newId = ids();
  const added = addMark(beginHistory(), ROUTE);
  let { ledger } = reconcile(withZones({}, "r", newId(), [ZONE]), added.marks, newId);
  const id = ledger.r.id;
  const removed = removeMark(added, "r");
  ledger = reconcile(ledger, removed.marks, newId).ledger;
  assert.deepEqual(reconcile(ledger, removed.marks, newId).messages, []);
  const back = undo(removed);
  assert.ok(back);
  const again = reconcile(ledger, back.history.marks, newId);
  assert.equal(again.messages[0].rev, 1);
  assert.notEqual(again.messages[0].id, id);
  assert.deepEqual(again.ledger.r.zones, [ZONE]);
});

test("the zones are kept when the mark is changed, and hide other ways even when it is deleted", () => {
  const first = withZones({}, "r", "id", [ZONE]);
  let { ledger } = reconcile(first, [ROUTE], ids());
  ledger = reconcile(ledger, [{ ...ROUTE, comment: "Ny" }], ids()).ledger;
  assert.deepEqual(ledger.r.zones, [ZONE]);
  ledger = reconcile(ledger, [], ids()).ledger;
  assert.deepEqual(zonesOfOthers(ledger, "another"), [ZONE]);
  assert.deepEqual(zonesOfOthers(ledger, "r"), []);
});
