/** One field for each type of question; faces for scales, big buttons for the rest. Native inputs underneath, so that keys and readers work. */

import { el, picture } from "../dom.js";
import { breakable } from "../hyphens.js";

/** @typedef {import("../words.js").Words} Words */
/** @typedef {(value: unknown, typing?: boolean) => void} OnValue  null takes the answer back */

/** Options of the templates that a picture says better than words, by their codes. */
const OPTION_PICTURES = new Set(["var", "sommer", "host", "vinter", "ja", "nei", "noen_ganger", "aldri", "av_og_til", "ofte"]);

/** Numbers up to this many are buttons, more a field. */
const MOST_NUMBER_BUTTONS = 11;

/**
 * The field of a question.
 * @param {any} question  of the bundle
 * @param {Words} words
 * @param {unknown} value
 * @param {OnValue} onValue
 * @returns {HTMLElement}
 */
export function questionField(question, words, value, onValue) {
  const text = words.of(question.words) ?? {};
  const maker = FIELDS[question.type] ?? textField;
  return maker({ question, text, value, onValue, words });
}

/** @typedef {{question: any, text: any, value: unknown, onValue: OnValue, words: Words}} Given */

/** @type {Record<string, (given: Given) => HTMLElement>} */
const FIELDS = {
  single: singleField,
  multiple: multipleField,
  scale: scaleField,
  text: textField,
  number: numberField,
  matrix: matrixField,
};

/**
 * @param {string} code
 * @returns {string | undefined}
 */
function optionPicture(code) {
  return OPTION_PICTURES.has(code) ? `options-${code}` : undefined;
}

/** @param {Given} given */
function singleField({ question, text, value, onValue }) {
  const choices = question.options.map((/** @type {string} */ code) =>
    choice({
      type: "radio",
      name: question.code,
      code,
      label: text.options?.[code] ?? code,
      checked: value === code,
      face: optionPicture(code),
      onPick: () => onValue(code),
    }),
  );
  return el("div", { class: "choices", role: "radiogroup", "aria-label": text.label }, ...choices);
}

/** @param {Given} given */
function multipleField({ question, text, value, onValue }) {
  let chosen = Array.isArray(value) ? [...value] : [];
  const choices = question.options.map((/** @type {string} */ code) =>
    choice({
      type: "checkbox",
      name: question.code,
      code,
      label: text.options?.[code] ?? code,
      checked: chosen.includes(code),
      face: optionPicture(code),
      onPick: (/** @type {boolean} */ checked) => {
        chosen = checked ? [...chosen, code] : chosen.filter((one) => one !== code);
        onValue(chosen.length > 0 ? chosen : null);
      },
    }),
  );
  return el("div", { class: "choices", role: "group", "aria-label": text.label }, ...choices);
}

/** @param {Given} given */
function scaleField({ question, text, value, onValue }) {
  const hasFaces = question.options.length === 5;
  const choices = question.options.map((/** @type {string} */ code, /** @type {number} */ i) =>
    choice({
      type: "radio",
      name: question.code,
      code,
      label: text.options?.[code] ?? code,
      checked: value === code,
      onPick: () => onValue(code),
      face: hasFaces ? `faces-${i + 1}` : undefined,
    }),
  );
  return el("div", { class: `choices ${hasFaces ? "choices--faces" : ""}`, role: "radiogroup", "aria-label": text.label }, ...choices);
}

/** @param {Given} given */
function textField({ question, text, value, onValue, words }) {
  const area = el("textarea", {
    class: "field",
    rows: 4,
    dir: "auto",
    maxlength: 1000,
    "aria-label": text.label,
    name: question.code,
    placeholder: words.t("write.here"),
    oninput: () => onValue(area.value.trim() === "" ? null : area.value, true),
  });
  area.value = typeof value === "string" ? value : "";
  return area;
}

/** @param {Given} given */
function numberField({ question, text, value, onValue, words }) {
  const low = question.min ?? 0;
  const high = question.max ?? Number.POSITIVE_INFINITY;
  if (high - low < MOST_NUMBER_BUTTONS) {
    const numbers = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    const choices = numbers.map((number) =>
      choice({
        type: "radio",
        name: question.code,
        code: String(number),
        label: words.number(number),
        checked: value === number,
        onPick: () => onValue(number),
      }),
    );
    return el("div", { class: "choices choices--numbers", role: "radiogroup", "aria-label": text.label }, ...choices);
  }
  const input = el("input", {
    class: "field field--number",
    type: "number",
    inputmode: "numeric",
    min: low,
    max: Number.isFinite(high) ? high : null,
    "aria-label": text.label,
    oninput: () => onValue(input.value !== "" && input.validity.valid ? Number(input.value) : null, true),
  });
  input.value = typeof value === "number" ? String(value) : "";
  return input;
}

/** @param {Given} given */
function matrixField({ question, text, value, onValue }) {
  let answers = /** @type {Record<string, string>} */ (typeof value === "object" && value !== null ? { ...value } : {});
  const rows = question.rows.map((/** @type {string} */ row) => {
    const label = text.rows?.[row] ?? row;
    const choices = question.options.map((/** @type {string} */ code) =>
      choice({
        type: "radio",
        name: `${question.code}.${row}`,
        code,
        label: text.options?.[code] ?? code,
        checked: answers[row] === code,
        onPick: () => {
          answers = { ...answers, [row]: code };
          onValue(answers);
        },
      }),
    );
    return el(
      "div",
      { class: "matrix-row", role: "radiogroup", "aria-label": label },
      el("span", { class: "matrix-label" }, label),
      ...choices,
    );
  });
  return el("div", { class: "matrix", role: "group", "aria-label": text.label }, ...rows);
}

/**
 * @param {{type: "radio" | "checkbox", name: string, code: string, label: string, checked: boolean, face?: string, onPick: (checked: boolean) => void}} options
 * @returns {HTMLElement}
 */
export function choice({ type, name, code, label, checked, face, onPick }) {
  const shown = breakable(label, document.documentElement.lang);
  const spoken = shown === label ? null : label;
  const input = el("input", {
    type,
    name,
    value: code,
    class: "choice-input",
    "aria-label": spoken,
    onchange: () => onPick(input.checked),
  });
  input.checked = checked;
  return el("label", { class: "choice" }, input, el("span", { class: "choice-body" }, face ? picture(face) : null, el("span", {}, shown)));
}
