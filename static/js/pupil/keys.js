/** Undo and redo by the keys that everybody knows: Ctrl or ⌘ with Z, with Shift and Z, or with Y. */

/**
 * @param {{undo: () => void, redo: () => void}} steps
 * @param {AbortSignal} signal
 */
export function undoByKeys({ undo, redo }, signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      const key = event.key.toLowerCase();
      const isUndo = key === "z" && !event.shiftKey;
      const isRedo = (key === "z" && event.shiftKey) || key === "y";
      if (!(event.ctrlKey || event.metaKey) || event.altKey || (!isUndo && !isRedo) || isWriting(event.target)) {
        return;
      }
      event.preventDefault();
      (isUndo ? undo : redo)();
    },
    { signal },
  );
}

/**
 * In a text the keys are the browser's own, letter by letter.
 * @param {EventTarget | null} target
 */
function isWriting(target) {
  return (
    target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && ["text", "search", "number"].includes(target.type))
  );
}
