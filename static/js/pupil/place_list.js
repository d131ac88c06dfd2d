/** The way without a map: places near school by their names, the nearest first. One for a place, several in order for a way or an area. */

import { announce, button, el, icon, iconButton } from "../dom.js";
import { distanceM } from "../units.js";
import { readAloud } from "./speech.js";
import { whereIs } from "./whereabouts.js";

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */
/** @typedef {{name: string, other?: string, kind: string, position: Position}} NamedPlace */

/** So many at first; the rest by searching or asking for more. */
const FIRST = 12;
const ICONS = /** @type {Record<string, string>} */ ({ school: "school", corner: "route", street: "route", bus_stop: "bus" });

/**
 * @typedef {object} ListOptions
 * @property {import("./frame.js").Frame} frame
 * @property {import("../words.js").Words} words
 * @property {NamedPlace[]} places
 * @property {{name: string, location: import("geojson").Geometry | null}} school
 * @property {any} category
 * @property {number} least                              how many make a mark; with one, choosing it is all
 * @property {(positions: Position[]) => void} onDone
 * @property {(() => void) | null} onWords               tell it without a where, when that can be
 * @property {() => void} onCancel
 */

/**
 * Show the list over the dock.
 * @param {ListOptions} options
 * @returns {() => void} shows it again, in another language
 */
export function openPlaceList(options) {
  const { frame, words, places, school, category, least, onDone } = options;
  const isOne = category.kind === "place";
  /** @type {NamedPlace[]} */
  let picked = [];
  let sought = "";
  let shown = FIRST;

  const title = el("h2", { tabindex: "-1" });
  const results = el("ul", { class: "place-list" });
  const chosen = el("ol", { class: "place-picked" });
  const more = el("div", { class: "place-more" });
  const foot = el("div", { class: "sheet-foot" });
  const t = words.t.bind(words);
  const nameOf = (/** @type {NamedPlace} */ place) => (place.other ? t("list.corner", { a: place.name, b: place.other }) : place.name);

  const found = () => {
    const last = picked.at(-1);
    const hits = places.filter((place) => place !== last && plain(nameOf(place)).includes(plain(sought)));
    // Nearest to one's own school; of a way the next place is most likely the nearest to the last.
    const from = last?.position ?? (school.location?.type === "Point" ? school.location.coordinates : null);
    return from ? hits.sort((a, b) => distanceM(from, a.position) - distanceM(from, b.position)) : hits;
  };

  const pick = (/** @type {NamedPlace} */ place) => {
    if (isOne) {
      onDone([place.position]);
      return;
    }
    picked = [...picked, place];
    announce(t("list.picked", { n: picked.length, what: nameOf(place) }));
    draw();
    // Where one was in the list there is another place now: begin at the top again. Not in the field, which brings a tablet's keyboard.
    title.focus();
  };

  const drop = (/** @type {number} */ index) => {
    announce(t("list.dropped", { what: nameOf(picked[index]) }));
    picked = picked.filter((_, i) => i !== index);
    draw();
    title.focus();
  };

  const field = el("input", {
    class: "field",
    type: "search",
    autocomplete: "off",
    oninput: () => {
      sought = field.value;
      shown = FIRST;
      drawResults();
      announce(t("list.found", { n: found().length }));
    },
  });

  const drawResults = () => {
    const hits = found();
    results.replaceChildren(
      ...hits.slice(0, shown).map((place) => {
        const where = el("span", { class: "place-where" }, whereIs(words, school, place.position));
        const name = el("span", { class: "place-name" }, nameOf(place));
        const face = icon(ICONS[place.kind] ?? "map-pin");
        return el("li", {}, el("button", { type: "button", class: "place-item", onclick: () => pick(place) }, face, name, where));
      }),
    );
    const onMore = () => {
      const first = shown;
      shown += FIRST * 2;
      drawResults();
      results.children[first]?.querySelector("button")?.focus();
    };
    const rest = button(t("list.more"), { icon: "chevron-down", class: "button--quiet", onclick: onMore });
    more.replaceChildren(...(hits.length > shown ? [rest] : hits.length === 0 ? [el("p", {}, t("list.none"))] : []));
  };

  const draw = () => {
    field.setAttribute("aria-label", t("list.search"));
    field.placeholder = t("list.search");
    chosen.setAttribute("aria-label", t("list.chosen"));
    chosen.replaceChildren(
      ...picked.map((place, i) =>
        el("li", {}, el("span", {}, nameOf(place)), iconButton(t("list.drop", { what: nameOf(place) }), "x", { onclick: () => drop(i) })),
      ),
    );
    chosen.hidden = picked.length === 0;
    drawResults();
    const done = button(t("route.done"), {
      icon: "check",
      class: "button--go",
      disabled: picked.length < least,
      onclick: () => onDone(picked.map((place) => place.position)),
    });
    foot.replaceChildren(
      button(t("cancel"), { icon: "x", class: "button--quiet", onclick: options.onCancel }),
      ...(options.onWords ? [button(t("list.words"), { icon: "message-circle", class: "button--quiet", onclick: options.onWords })] : []),
      ...(isOne ? [] : [done]),
    );
  };

  const show = () => {
    title.textContent = t(`list.ask.${category.kind}`);
    draw();
    const ask = el("div", { class: "sheet-ask" }, title, readAloud(words, title.textContent, `list.${category.kind}`));
    frame.openSheet(title.textContent, el("div", { class: "sheet-body" }, ask, chosen, field, results, more), foot);
  };
  show();
  return show;
}

/**
 * Without case, and without what a hurried speller leaves out.
 * @param {string} text
 * @returns {string}
 */
function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .trim();
}
