/** A stroke under the finger is written at least once a second, whatever the finger does, and goes when the finger does. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { DraftKeeper } from "../../static/js/draft.js";

/** A tablet that remembers what it was told. */
function tablet() {
  /** @type {(number | null)[]} */
  const told = [];
  return {
    told,
    saveDraft: async (/** @type {any} */ draft) => void told.push(draft.stroke.length),
    dropDraft: async () => void told.push(null),
  };
}

/** @param {number} length */
const draft = (length) => () => /** @type {any} */ ({ stroke: Array.from({ length }) });

test("a moving finger is written more than once a second, and never oftener than it needs", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const known = tablet();
  const keeper = new DraftKeeper(known);
  for (let at = 1; at <= 300; at += 1) {
    keeper.note(draft(at));
    mock.timers.tick(10);
    await Promise.resolve();
    await Promise.resolve();
  }
  mock.timers.reset();
  assert.ok(known.told.length >= 4 && known.told.length <= 9, `${known.told.length} in 3 s`);
  const gaps = known.told.map((length, i) => Number(length) - Number(known.told[i - 1] ?? 0));
  assert.ok(Math.max(...gaps) <= 50, "half a second at most between two writings");
});

test("a finger that rests is written as it rests", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const known = tablet();
  const keeper = new DraftKeeper(known);
  keeper.note(draft(1));
  keeper.note(draft(7));
  mock.timers.tick(500);
  await Promise.resolve();
  mock.timers.reset();
  assert.deepEqual(known.told, [7]);
});

test("what is drawn while the tablet writes is written, too, even when the finger rests from then on", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const known = tablet();
  const write = known.saveDraft;
  known.saveDraft = (/** @type {any} */ draft) => new Promise((done) => setTimeout(() => done(write(draft)), 100));
  const keeper = new DraftKeeper(known);
  keeper.note(draft(3));
  for (let at = 0; at < 100; at += 1) {
    mock.timers.tick(10);
    if (at === 45) {
      keeper.note(draft(9));
    }
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
  mock.timers.reset();
  assert.deepEqual(known.told, [3, 9]);
});

test("a finger lifted while the tablet writes leaves nothing, and the next stroke is kept like the first", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const known = tablet();
  const keeper = new DraftKeeper(known);
  keeper.note(draft(3));
  mock.timers.tick(400);
  keeper.drop();
  keeper.note(draft(2));
  for (let at = 0; at < 200; at += 1) {
    mock.timers.tick(10);
    await Promise.resolve();
  }
  mock.timers.reset();
  assert.deepEqual(known.told, [3, null, 2]);
});

test("a lifted finger leaves nothing, not even what was about to be written", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const known = tablet();
  const keeper = new DraftKeeper(known);
  keeper.note(draft(5));
  keeper.drop();
  mock.timers.tick(2000);
  await Promise.resolve();
  mock.timers.reset();
  assert.deepEqual(known.told, [null]);
});
