/** An adult who draws for children: for a group, or from their sheets of paper. Which of the two stands in the link, before the right to it. */

import { button, el, iconButton, picture } from "../dom.js";

/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("../tablet.js").Session} Session */
/** @typedef {Session["entry"]} Entry */
/** @typedef {"papirark" | "gruppe"} Way */

/** As many as the server takes. */
const MOST_CHILDREN = 40;
const USUAL_GROUP = 5;

/**
 * How somebody comes in by a link: a pupil with the class's token, or an adult with a grant.
 * @param {string} fragment  of the page's address, without #
 * @returns {Entry | null}
 */
export function entryIn(fragment) {
  const grant = /^(papirark|gruppe)\.(.+)$/.exec(fragment);
  if (grant) {
    return { way: /** @type {Way} */ (grant[1]), grant: grant[2] };
  }
  return fragment ? { token: fragment } : null;
}

/**
 * Whether two came in the same way: then they may be the same.
 * @param {Entry} a
 * @param {Entry} b
 */
export function isSameEntry(a, b) {
  return a.code === b.code && a.token === b.token && a.grant === b.grant && a.children === b.children;
}

/**
 * What the next one is called who draws here, and who is drawn for now ("" for oneself).
 * @param {Words} words
 * @param {Session} session
 */
export function helperWords(words, session) {
  const t = words.t.bind(words);
  const entry = session.joined?.entry ?? "self";
  if (entry === "self") {
    return { whom: "", next: t("finish.next_pupil"), receipt: t("receipt.help") };
  }
  const isPaper = entry === "paper";
  const whom = isPaper ? t("for.is_paper") : t("for.is_group", { n: words.number(session.joined.children) });
  // Whoever opened the answers again by their receipt has no right to draw the next ones.
  const next = session.entry.grant ? t(isPaper ? "for.next_paper" : "for.next_group") : t("finish.next_pupil");
  return { whom, next, receipt: t("for.receipt") };
}

/**
 * The card before a sheet or a group.
 * @param {Words} words
 * @param {object} options
 * @param {Entry} options.entry
 * @param {(children: number) => void} options.onStart
 * @returns {(Node | null)[]}
 */
export function forWhom(words, { entry, onStart }) {
  const t = words.t.bind(words);
  const isGroup = entry.way === "gruppe";
  let children = isGroup ? (entry.children ?? USUAL_GROUP) : 1;
  const count = el("output", { class: "count", "aria-live": "polite" }, words.number(children));
  const step = (/** @type {number} */ by) => {
    children = Math.min(MOST_CHILDREN, Math.max(1, children + by));
    count.textContent = words.number(children);
  };
  const stepper = el(
    "div",
    { class: "stepper", role: "group", "aria-label": t("for.how_many") },
    iconButton(t("for.fewer"), "minus", { onclick: () => step(-1) }),
    count,
    iconButton(t("for.more"), "plus", { onclick: () => step(1) }),
  );
  return [
    el("div", { class: "stage-head" }, picture("scenes-map"), el("h1", { tabindex: "-1" }, t(isGroup ? "for.group" : "for.paper"))),
    el("p", { class: "stage-lead" }, t(isGroup ? "for.group_help" : "for.paper_help")),
    isGroup ? el("p", { class: "stage-lead", "aria-hidden": "true" }, t("for.how_many")) : null,
    isGroup ? stepper : null,
    button(t("welcome.start"), { icon: "play", class: "button--go button--big", onclick: () => onStart(children) }),
    el("a", { class: "button button--plain", href: "/" }, t("for.leave")),
  ];
}
