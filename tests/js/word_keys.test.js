import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf } from "../../static/js/word_keys.js";

const AT_TEXT = { isTyping: false, isAtText: true, areOn: true };

/**
 * @param {string} key
 * @param {Partial<KeyboardEvent>} [held]
 * @param {Partial<typeof AT_TEXT>} [where]
 */
const action = (key, held = {}, where = {}) =>
  actionOf({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...held }, { ...AT_TEXT, ...where });

test("each letter does its work, with caps lock too", () => {
  const letters = { j: "next", k: "previous", f: "release", h: "drop", r: "edit", l: "confirm", z: "undo" };
  for (const [key, expected] of Object.entries(letters)) {
    assert.equal(action(key), expected);
    assert.equal(action(key.toUpperCase()), expected);
  }
  assert.equal(action("?"), "help");
});

test("keys of no work, and the browser's own, are the browser's", () => {
  for (const key of ["a", "Enter", " ", "Tab", "constructor"]) assert.equal(action(key), null);
  for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) assert.equal(action("f", held), null);
});

test("who types gets letters, and comes out by Escape", () => {
  const typing = { isTyping: true };
  for (const key of ["j", "k", "f", "h", "r", "l", "z", "?", "ArrowDown"]) assert.equal(action(key, {}, typing), null);
  assert.equal(action("Escape", {}, typing), "leave");
  assert.equal(action("Escape"), null);
});

test("arrows walk from text to text, and scroll everywhere else", () => {
  assert.deepEqual([action("ArrowDown"), action("ArrowUp")], ["next", "previous"]);
  assert.equal(action("ArrowDown", {}, { isAtText: false }), null);
});

test("switched off, no key does anything but Escape in a field", () => {
  const off = { areOn: false };
  for (const key of ["j", "f", "z", "?", "ArrowDown"]) assert.equal(action(key, {}, off), null);
  assert.equal(action("Escape", {}, { ...off, isTyping: true }), "leave");
});

test("a key held down walks on, and judges nothing", () => {
  const held = { repeat: true };
  assert.equal(action("j", held), "next");
  for (const key of ["f", "h", "r", "l", "z", "?"]) assert.equal(action(key, held), null);
});
