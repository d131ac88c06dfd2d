/** Questions that hang on no mark, one at a time; every one may be skipped unless the survey says otherwise. */

import { nextOf } from "../conditions.js";
import { button, el } from "../dom.js";
import { questionField } from "./questions.js";
import { readAloud, spoken } from "./speech.js";
import { troubleNote } from "./trouble.js";

/**
 * @param {object} options
 * @param {any[]} options.questions
 * @param {(question: any) => boolean} options.isAsked  of this pupil, by the answers of the moment; the first is
 * @param {import("../words.js").Words} options.words
 * @param {import("../work.js").Work} options.work
 * @param {(label: string, nodes: Node[]) => void} options.show
 * @param {() => void} options.onDone
 * @returns {() => void} draws the question of the moment again
 */
export function askQuestions({ questions, isAsked, words, work, show, onDone }) {
  let at = 0;
  const move = (/** @type {1 | -1} */ way) => {
    at = nextOf(questions, at, way, isAsked);
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
        ...(nextOf(questions, at, -1, isAsked) >= 0
          ? [button(words.t("back"), { icon: "arrow-left", class: "button--quiet", onclick: () => move(-1) })]
          : []),
        el(
          "span",
          { class: "sheet-dots", "aria-hidden": "true" },
          ...questions.filter(isAsked).map((one) => el("i", { class: one === question ? "is-on" : "" })),
        ),
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
