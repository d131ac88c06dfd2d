/** Why the server would not take something, in words for a child. */

import { el, icon } from "../dom.js";

/** @typedef {{code: string}} Trouble */

/**
 * @param {Trouble} trouble
 * @param {import("../words.js").Words} words
 * @returns {string}
 */
export function troubleText(trouble, words) {
  return words.t(`trouble.${trouble.code}`) || words.t("trouble.other");
}

/**
 * @param {Trouble} trouble
 * @param {import("../words.js").Words} words
 * @returns {HTMLElement}
 */
export function troubleNote(trouble, words) {
  return el("p", { class: "sheet-note sheet-note--trouble" }, icon("triangle-alert"), troubleText(trouble, words));
}

/**
 * A sentence on the page when something was not taken.
 * @param {Pick<import("./journey.js").Surroundings, "work" | "frame" | "words">} s
 * @param {boolean} isOpen  whether a mark's sheet is, which says it itself
 */
export function tellOfTrouble({ work, frame, words }, isOpen) {
  const answers = work.answersTrouble;
  if (work.troubles.size > 0 && !isOpen) {
    frame.hint(words.t("trouble.some"));
  } else if (answers) {
    frame.hint(answers.pointer ? words.t("trouble.answers") : troubleText(answers, words));
  }
}
