/** Questions that hang on no mark, one at a time; every one may be skipped unless the survey says otherwise. */

import { button, el } from "../dom.js";
import { questionField } from "./questions.js";
import { readAloud, spoken } from "./speech.js";
import { troubleNote } from "./trouble.js";

/**
 * @param {object} options
 * @param {any[]} options.questions
 * @param {import("../words.js").Words} options.words
 * @param {import("../work.js").Work} options.work
 * @param {(label: string, nodes: Node[]) => void} options.show
 * @param {() => void} options.onDone
 * @returns {() => void} draws the question of the moment again
 */
export function askQuestions({ questions, words, work, show, onDone }) {
  let at = 0;
  const move = (/** @type {number} */ by) => {
    at += by;
    if (at >= questions.length) {
      onDone();
    } else {
      draw();
    }
  };
  const draw = () => {
    const question = questions[at];
    const text = words.of(question.words) ?? {};
    const trouble = work.answersTrouble;
    const foot = el("div", { class: "sheet-foot" });
    const onValue = (/** @type {unknown} */ value, /** @type {boolean | undefined} */ typing) => {
      work.answer(question.code, value, typing);
      drawFoot();
    };
    const drawFoot = () => {
      const hasAnswer = work.answers[question.code] !== undefined;
      const mayGoOn = hasAnswer || !question.required;
      foot.replaceChildren(
        ...(at > 0 ? [button(words.t("back"), { icon: "arrow-left", class: "button--quiet", onclick: () => move(-1) })] : []),
        el("span", { class: "sheet-dots", "aria-hidden": "true" }, ...questions.map((_, i) => el("i", { class: i === at ? "is-on" : "" }))),
        button(words.t(hasAnswer || question.required ? "next" : "skip"), {
          icon: "arrow-right",
          class: hasAnswer ? "button--go" : "button--quiet",
          disabled: !mayGoOn,
          onclick: () => move(1),
        }),
      );
    };
    drawFoot();
    const aloud = readAloud(words, spoken(text, question.options, question.rows), `questions.${question.code}`);
    const body = el(
      "div",
      { class: "sheet-body" },
      el("div", { class: "sheet-ask" }, el("h2", { tabindex: "-1" }, text.label ?? ""), aloud),
      trouble && work.isRefused(question.code) ? troubleNote(trouble, words) : null,
      text.help ? el("p", { class: "sheet-help" }, text.help) : null,
      questionField(question, words, work.answers[question.code], onValue),
    );
    show(text.label ?? "", [body, foot]);
  };
  draw();
  return draw;
}
