/** Four arrows to press, for fingers that do not drag and switches that cannot: they move the map, or what is chosen on it. */

import { el, iconButton } from "../dom.js";

/**
 * @param {string} label
 * @param {(key: string) => string} t
 * @param {(dx: number, dy: number) => void} onMove  one step to the right, one down
 * @returns {HTMLElement}
 */
export function movePad(label, t, onMove) {
  const arrow = (/** @type {string} */ name, /** @type {string} */ side, /** @type {number} */ dx, /** @type {number} */ dy) =>
    iconButton(t(`aim.${side}`), name, { class: `aim-${side}`, onclick: () => onMove(dx, dy) });
  return el(
    "div",
    { class: "aim-pad", role: "group", "aria-label": label },
    arrow("arrow-up", "up", 0, -1),
    arrow("arrow-left", "left", -1, 0),
    arrow("arrow-right", "right", 1, 0),
    arrow("arrow-down", "down", 0, 1),
  );
}
