/** The pictures of one step: at most eight on the screen, then "more". */

import { el, icon, picture } from "../dom.js";

const MOST = 8;

/**
 * @param {object} options
 * @param {any[]} options.categories
 * @param {import("../words.js").Words} options.words
 * @param {(category: any) => number} options.count
 * @param {(category: any) => boolean} options.hasRoom
 * @param {(category: any) => void} options.onPick
 * @param {number} options.page
 * @param {(page: number) => void} options.onPage
 * @returns {HTMLElement}
 */
export function palette({ categories, words, count, hasRoom, onPick, page, onPage }) {
  const pages = pagesOf(categories);
  const shown = pages[Math.min(page, pages.length - 1)];
  const items = shown.map((category) => {
    const made = count(category);
    const isFull = !hasRoom(category);
    const label = words.label(category);
    const spoken = made > 0 ? `${label}, ${words.t("palette.made", { n: made })}` : label;
    return el(
      "button",
      {
        type: "button",
        class: `tile ${isFull ? "is-full" : ""}`,
        "aria-label": spoken,
        vars: { "--mark": category.colour },
        onclick: () => onPick(category),
      },
      el("span", { class: "tile-face" }, picture(category.icon)),
      el("span", { class: "tile-label" }, words.narrow(label)),
      made > 0 ? el("span", { class: "tile-count", "aria-hidden": "true" }, words.number(made)) : null,
    );
  });
  if (pages.length > 1) {
    const label = words.t(page === pages.length - 1 ? "palette.first" : "palette.more");
    const name = page === pages.length - 1 ? "undo-2" : "ellipsis";
    const onclick = () => onPage((page + 1) % pages.length);
    items.push(
      el(
        "button",
        { type: "button", class: "tile tile--more", onclick },
        el("span", { class: "tile-face" }, icon(name)),
        el("span", { class: "tile-label" }, label),
      ),
    );
  }
  return el(
    "div",
    {
      class: "palette",
      "data-size": items.length <= 3 ? "few" : "many",
      vars: { "--tiles": String(items.length) },
      role: "group",
      "aria-label": words.t("palette"),
    },
    ...items,
  );
}

/**
 * @template T
 * @param {T[]} all
 * @returns {T[][]} one page of up to eight, or several of up to seven and a "more"
 */
export function pagesOf(all) {
  if (all.length <= MOST) {
    return [all];
  }
  const count = Math.ceil(all.length / (MOST - 1));
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
