/** The end: the pupil's own map with what was said, the receipt to keep, and room for the next pupil. */

import { button, el, picture, prefersStillness, seatPicture } from "../dom.js";

/** @typedef {import("../words.js").Words} Words */

/**
 * How many of what, as pictures.
 * @param {readonly import("../state.js").Mark[]} marks
 * @param {Map<string, any>} categories
 * @param {Words} words
 * @returns {HTMLElement}
 */
export function summary(marks, categories, words) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const mark of marks) {
    counts.set(mark.category, (counts.get(mark.category) ?? 0) + 1);
  }
  const items = [...counts].map(([code, count]) => {
    const category = categories.get(code);
    const face = el("span", { class: "sum-face", vars: { "--mark": category.colour } }, picture(category.icon));
    return el("li", {}, face, el("span", {}, `${words.number(count)} × ${words.label(category)}`));
  });
  return items.length > 0 ? el("ul", { class: "sum" }, ...items) : el("p", {}, words.t("finish.nothing"));
}

/**
 * @param {object} options
 * @param {Words} options.words
 * @param {ReturnType<typeof import("./helper.js").helperWords>} options.helper
 * @param {any} options.seat
 * @param {string} options.receipt
 * @param {Node} options.sum
 * @param {() => void} options.onNext
 * @param {() => void} options.onMore
 * @returns {Node[]}
 */
export function receiptNodes({ words, helper, seat, receipt, sum, onNext, onMore }) {
  const t = words.t.bind(words);
  const box = receiptBox(t("receipt.label"), receipt, helper.receipt);
  return [
    el("div", { class: "finish" }, head(seat, t("finish.thanks"), t("finish.what_now")), sum, box),
    foot(
      button(t("finish.more"), { icon: "pencil", class: "button--quiet", onclick: onMore }),
      button(helper.next, { icon: "users", class: "button--go", onclick: onNext }),
    ),
  ];
}

/**
 * Handed in without a network: what is true now, and what will come.
 * @param {object} options
 * @param {Words} options.words
 * @param {ReturnType<typeof import("./helper.js").helperWords>} options.helper
 * @param {any} options.seat
 * @param {string | undefined} options.receipt  what was given when the pupil joined, unless that was on an older page
 * @param {boolean} options.keeps  whether the tablet keeps it when the page is closed
 * @param {Node} options.sum
 * @param {() => void} options.onNext
 * @param {() => void} options.onMore
 * @returns {Node[]}
 */
export function laterNodes({ words, helper, seat, receipt, keeps, sum, onNext, onMore }) {
  const t = words.t.bind(words);
  const box = receipt ? receiptBox(t("later.receipt"), receipt, helper.receipt) : null;
  const next = keeps ? el("p", { class: "receipt-help" }, t("later.next_pupil")) : null;
  return [
    el("div", { class: "finish" }, head(seat, t("later.title"), t(keeps ? "later.text" : "later.text_memory")), sum, box, next),
    foot(
      button(t("finish.more"), { icon: "pencil", class: "button--quiet", onclick: onMore }),
      // The next pupil's page is loaded anew, and what is only in memory would go with the old one.
      keeps ? button(helper.next, { icon: "users", class: "button--quiet", onclick: onNext }) : null,
    ),
  ];
}

/**
 * @param {string} label
 * @param {string} code
 * @param {string} help
 */
export function receiptBox(label, code, help) {
  return el(
    "div",
    { class: "receipt" },
    el("p", { class: "receipt-label" }, label),
    el("p", { class: "receipt-code", dir: "ltr" }, code),
    el("p", { class: "receipt-help" }, help),
  );
}

/**
 * @param {any} seat
 * @param {string} title
 * @param {string} text
 */
function head(seat, title, text) {
  const said = el("div", {}, el("h2", { tabindex: "-1" }, title), el("p", {}, text));
  return el("div", { class: "finish-head" }, seatPicture(seat, "seat--big"), said);
}

/** @param {...(Node | null)} buttons */
function foot(...buttons) {
  return el("div", { class: "sheet-foot" }, ...buttons);
}

const PIECES = 70;
const COLOURS = ["#ffc93c", "#0a5bb5", "#147a45", "#bd2340", "#6a3ec0", "#ff8a3c"];

/**
 * Confetti, unless somebody asked for less motion.
 * @param {HTMLElement} over
 */
export function confetti(over) {
  if (prefersStillness()) {
    return;
  }
  const box = el("div", { class: "confetti", "aria-hidden": "true" });
  over.append(box);
  const falls = Array.from({ length: PIECES }, (_, i) => {
    const piece = el("i", { vars: { "--piece": COLOURS[i % COLOURS.length] } });
    piece.style.insetInlineStart = `${Math.random() * 100}%`;
    box.append(piece);
    const drift = (Math.random() - 0.5) * 240;
    const frames = [
      { transform: "translate(0, -10vh) rotate(0)", opacity: 1 },
      { transform: `translate(${drift}px, 105vh) rotate(${360 + Math.random() * 720}deg)`, opacity: 0.9 },
    ];
    return piece.animate(frames, {
      duration: 2200 + Math.random() * 1800,
      delay: Math.random() * 500,
      easing: "cubic-bezier(.2,.6,.6,1)",
      fill: "both",
    }).finished;
  });
  Promise.allSettled(falls).then(() => box.remove());
}

/**
 * A little burst where something went right.
 * @param {HTMLElement} over
 * @param {{x: number, y: number}} at
 */
export function burst(over, at) {
  if (prefersStillness()) {
    return;
  }
  const box = el("div", { class: "burst", "aria-hidden": "true" });
  box.style.transform = `translate(${at.x}px, ${at.y}px)`;
  over.append(box);
  const sparks = Array.from({ length: 14 }, (_, i) => {
    const spark = el("i", { vars: { "--piece": COLOURS[i % COLOURS.length] } });
    box.append(spark);
    const angle = (i / 14) * 2 * Math.PI;
    const frames = [
      { transform: "translate(0, 0) scale(1)", opacity: 1 },
      { transform: `translate(${Math.cos(angle) * 90}px, ${Math.sin(angle) * 90}px) scale(0.2)`, opacity: 0 },
    ];
    return spark.animate(frames, { duration: 700, easing: "ease-out", fill: "both" }).finished;
  });
  Promise.allSettled(sparks).then(() => box.remove());
}
