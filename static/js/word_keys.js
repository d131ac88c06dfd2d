/** Which key does what at the moderation desk. Pure. */

/** @typedef {"next" | "previous" | "release" | "drop" | "edit" | "confirm" | "undo" | "help" | "leave"} Action */

/** @type {Map<string, Action>} */
const LETTERS = new Map([
  ["j", "next"],
  ["k", "previous"],
  ["f", "release"],
  ["h", "drop"],
  ["r", "edit"],
  ["l", "confirm"],
  ["z", "undo"],
  ["?", "help"],
]);

/**
 * What a key means; null for what the browser shall have.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "repeat">} pressed
 * @param {{isTyping: boolean, isAtText: boolean, areOn: boolean}} where  arrows scroll as ever unless a text has the focus
 * @returns {Action | null}
 */
export function actionOf(pressed, { isTyping, isAtText, areOn }) {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  if (isTyping) return pressed.key === "Escape" ? "leave" : null;
  if (!areOn) return null;
  if (isAtText && pressed.key === "ArrowDown") return "next";
  if (isAtText && pressed.key === "ArrowUp") return "previous";
  const action = LETTERS.get(pressed.key.toLowerCase()) ?? null;
  // a key held down walks through the texts, but judges one only
  return pressed.repeat && action !== "next" && action !== "previous" ? null : action;
}
