/** The sheet of one mark: how they travel, the category's questions, why; move, draw again, delete. One thing at a time. */

import { isAsked, nextOf } from "../conditions.js";
import { button, el, icon, iconButton, picture } from "../dom.js";
import { choice, questionField } from "./questions.js";
import { readAloud, spoken } from "./speech.js";
import { troubleNote } from "./trouble.js";

/** @typedef {import("../state.js").Mark} Mark */
/** @typedef {import("../words.js").Words} Words */

/**
 * @typedef {object} MarkSheetOptions
 * @property {Mark} mark
 * @property {any} category
 * @property {any} bundle
 * @property {Words} words
 * @property {{code: string, detail: string} | undefined} trouble
 * @property {(patch: Partial<Mark>, merge?: string) => void} onChange
 * @property {() => Mark | undefined} current   the mark as it is now
 * @property {() => void} onMove                move a place, draw a route or area again
 * @property {(() => void) | null} onShape      change the shape of a route or area, where that can be
 * @property {() => void} onDelete
 * @property {() => void} onDone
 * @property {(nodes: Node[]) => void} show     put these into the sheet
 */

/**
 * @typedef {{title: string, help?: string, aloud: string, part?: string, field: () => HTMLElement, goesOn?: boolean, isOn?: () => boolean}} Page
 *   isOn: whether it is asked, by what has been answered of this mark; always, unless told
 */

/**
 * Show a mark's sheet, beginning at its first page.
 * @param {MarkSheetOptions} options
 */
export function showMarkSheet(options) {
  const pages = pagesOf(options);
  const isOn = (/** @type {Page} */ page) => page.isOn?.() ?? true;
  const toward = (/** @type {1 | -1} */ way) => nextOf(pages, at, way, isOn);
  let at = 0;
  // The last page has no condition, and so has the first: what it hangs on comes before it on the same sheet.
  const draw = () => options.show([header(options, at === 0), body(pages[at], options.words), footer()]);
  const next = () => {
    const there = toward(1);
    if (there < pages.length) {
      at = there;
      draw();
    } else {
      options.onDone();
    }
  };
  const footer = () => {
    const t = options.words.t.bind(options.words);
    const moveWord = options.mark.kind === "place" ? "mark.move" : "mark.redraw";
    const isLast = at === pages.length - 1;
    return el(
      "div",
      { class: "sheet-foot" },
      button(t("mark.delete"), { icon: "trash-2", class: "button--quiet button--danger", onclick: options.onDelete }),
      options.onShape ? button(t("mark.shape"), { icon: "spline", class: "button--quiet", onclick: options.onShape }) : null,
      button(t(moveWord), { icon: options.mark.kind === "place" ? "move" : "pencil", class: "button--quiet", onclick: options.onMove }),
      el(
        "span",
        { class: "sheet-dots", "aria-hidden": "true" },
        ...(pages.length > 1 ? pages.filter(isOn).map((page) => el("i", { class: page === pages[at] ? "is-on" : "" })) : []),
      ),
      at > 0
        ? iconButton(t("back"), "arrow-left", {
            class: "sheet-back",
            onclick: () => {
              at = toward(-1);
              draw();
            },
          })
        : null,
      button(t(isLast ? "mark.done" : "next"), { icon: isLast ? "check" : "arrow-right", class: "button--go", onclick: next }),
    );
  };
  for (const page of pages) {
    if (page.goesOn) {
      // A tap on a picture is the whole answer; the next question comes by itself.
      const field = page.field;
      page.field = () => {
        const node = field();
        // Unless the child has closed the sheet or gone on meanwhile.
        node.addEventListener("change", () => setTimeout(() => node.isConnected && pages[at] === page && next(), 350));
        return node;
      };
    }
  }
  draw();
}

/**
 * @param {MarkSheetOptions} options
 * @returns {Page[]}
 */
function pagesOf({ category, bundle, words, onChange, current }) {
  const t = words.t.bind(words);
  /** @type {Page[]} */
  const pages = [];
  if (category.modes.length > 0) {
    pages.push({
      title: t("mode.ask"),
      aloud: spoken({ label: t("mode.ask"), options: modeNames(category, bundle, words) }, category.modes),
      part: `modes.${category.code}`,
      goesOn: true,
      field: () => modeField(category, bundle, words, current()?.mode ?? null, (mode) => onChange({ mode })),
    });
  }
  for (const question of bundle.questions.filter((/** @type {any} */ one) => one.category === category.code && !one.retired)) {
    const text = words.of(question.words) ?? {};
    pages.push({
      title: text.label ?? "",
      help: text.help,
      aloud: spoken(text, question.options, question.rows),
      part: `questions.${question.code}`,
      goesOn: ["scale", "single"].includes(question.type),
      isOn: () => isAsked(question, bundle.questions, current()?.answers ?? {}),
      field: () =>
        questionField(question, words, current()?.answers[question.code], (value) =>
          onChange({ answers: withAnswer(current()?.answers ?? {}, question.code, value) }, lettersOf(question)),
        ),
    });
  }
  const why = whyTitle(category, words);
  pages.push({
    title: why,
    aloud: why,
    part: `why.${category.theme}`,
    field: () => whyField(category, bundle, words, current()?.comment ?? "", onChange),
  });
  return pages;
}

/**
 * By what name the letters of an answer are one step back; other answers are each a step.
 * @param {any} question
 */
function lettersOf(question) {
  return question.type === "text" ? `answer-${question.code}` : undefined;
}

/**
 * @param {Record<string, unknown>} answers
 * @param {string} code
 * @param {unknown} value
 */
function withAnswer(answers, code, value) {
  const { [code]: _, ...others } = answers;
  return value === null ? others : { ...others, [code]: value };
}

/**
 * @param {MarkSheetOptions} options
 * @param {boolean} isFirst  what is cut is told once
 * @returns {HTMLElement}
 */
function header({ mark, category, words, trouble, onDone }, isFirst) {
  const t = words.t.bind(words);
  const hasCut = isFirst && mark.kind === "route" && (mark.cut.length > 0 || (mark.geometry === null && mark.drawn !== null));
  return el(
    "div",
    { class: "sheet-head" },
    el("span", { class: "sheet-face", vars: { "--mark": category.colour } }, picture(category.icon)),
    el("h2", { tabindex: "-1" }, words.label(category)),
    iconButton(t("close"), "x", { onclick: onDone }),
    trouble ? troubleNote(trouble, words) : null,
    hasCut ? el("p", { class: "sheet-note" }, icon("shield-check"), t(mark.geometry === null ? "route.all_hidden" : "route.hidden")) : null,
  );
}

/**
 * @param {Page} page
 * @param {Words} words
 */
function body(page, words) {
  return el(
    "div",
    { class: "sheet-body" },
    el("div", { class: "sheet-ask" }, el("h3", {}, page.title), readAloud(words, page.aloud, page.part)),
    page.help ? el("p", { class: "sheet-help" }, page.help) : null,
    page.field(),
  );
}

/**
 * @param {any} category
 * @param {any} bundle
 * @param {Words} words
 * @returns {Record<string, string>}
 */
function modeNames(category, bundle, words) {
  const modes = bundle.modes.filter((/** @type {any} */ mode) => category.modes.includes(mode.code));
  return Object.fromEntries(modes.map((/** @type {any} */ mode) => [mode.code, words.of(mode.words) ?? mode.code]));
}

/**
 * @param {any} category
 * @param {any} bundle
 * @param {Words} words
 * @param {string | null} value
 * @param {(mode: string) => void} onPick
 */
function modeField(category, bundle, words, value, onPick) {
  const modes = category.modes
    .map((/** @type {string} */ code) => bundle.modes.find((/** @type {any} */ mode) => mode.code === code))
    .filter(Boolean);
  const choices = modes.map((/** @type {any} */ mode) =>
    choice({
      type: "radio",
      name: "mode",
      code: mode.code,
      label: words.of(mode.words) ?? mode.code,
      checked: value === mode.code,
      face: mode.icon,
      onPick: () => onPick(mode.code),
    }),
  );
  return el("div", { class: "choices choices--modes", role: "radiogroup", "aria-label": words.t("mode.ask") }, ...choices);
}

/**
 * @param {any} category
 * @param {Words} words
 */
function whyTitle(category, words) {
  return words.t(`why.ask.${category.theme}`) || words.t("why.ask");
}

/**
 * Ready sentences to tap, and room for one's own words.
 * @param {any} category
 * @param {any} bundle
 * @param {Words} words
 * @param {string} value
 * @param {(patch: Partial<Mark>, merge?: string) => void} onChange
 */
function whyField(category, bundle, words, value, onChange) {
  const ready = (words.t(`why.chips.${category.code}`) || words.t(`why.chips.${category.theme}`)).split("|").filter(Boolean);
  const area = el("textarea", {
    class: "field",
    rows: 2,
    dir: "auto",
    maxlength: bundle.limits.max_comment,
    placeholder: words.t("why.placeholder"),
    "aria-label": words.t("why.write"),
    "aria-describedby": "no-names",
    oninput: () => {
      onChange({ comment: area.value }, "comment");
      drawChips();
    },
  });
  area.value = value;
  const chips = el("div", { class: "chips", role: "group", "aria-label": words.t("why.chips") });
  const drawChips = () => {
    chips.replaceChildren(
      ...ready.map((sentence) => {
        const isOn = area.value.includes(sentence);
        const onclick = () => {
          const without = area.value
            .replace(sentence, "")
            .replace(/\s{2,}/g, " ")
            .trim();
          const text = isOn ? without : `${area.value.trim()} ${sentence}`.trim();
          // the field's own limit holds for what is typed only
          if (text.length > bundle.limits.max_comment) return;
          area.value = text;
          onChange({ comment: area.value });
          drawChips();
        };
        return el(
          "button",
          { type: "button", class: "chip", "aria-pressed": String(isOn), onclick },
          isOn ? icon("check") : null,
          sentence,
        );
      }),
    );
  };
  drawChips();
  return el("div", { class: "why" }, chips, area, el("p", { class: "sheet-help", id: "no-names" }, words.t("why.no_names")));
}
