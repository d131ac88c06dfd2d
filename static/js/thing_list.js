// The things of a layer beside the map: those children have marked, the most children first, and those that no child has.

import { isMarked } from "./desk_layer.js";
import { el } from "./dom.js";

/** @typedef {import("./desk_layer.js").LayerAnswer} LayerAnswer */
/** @typedef {import("./desk_layer.js").Thing} Thing */

/** More at once are not read; on the map all can be chosen. */
const MOST = 60;

/**
 * @typedef {object} ThingList
 * @property {HTMLElement} panel
 * @property {HTMLElement} hint
 * @property {HTMLElement} list
 * @property {HTMLElement} unmarked
 * @property {HTMLElement} unmarkedHint
 * @property {HTMLElement} unmarkedList
 */

/**
 * @param {ThingList} place
 * @param {LayerAnswer | null} answer  null hides the lists
 * @param {(number: number) => void} onChoose  a thing is chosen in a list
 */
export function showThings(place, answer, onChoose) {
  place.panel.hidden = answer === null;
  if (answer === null) return;
  const marked = answer.features.filter(isMarked);
  const unmarked = answer.features.filter((thing) => !isMarked(thing));
  place.hint.textContent = foundWords(answer, marked.length);
  place.list.replaceChildren(...marked.slice(0, MOST).map((thing) => item(thing, onChoose)));
  place.unmarked.hidden = unmarked.length === 0;
  place.unmarkedHint.replaceChildren(...unmarkedWords(answer).map((sentence) => el("p", { class: "hint" }, sentence)));
  place.unmarkedList.replaceChildren(...unmarked.slice(0, MOST).map((thing) => item(thing, onChoose)));
}

/**
 * Show in the list what was chosen, in the list or on the map.
 * @param {ThingList} place
 * @param {LayerAnswer} answer
 * @param {number} number
 * @param {(number: number) => void} onChoose
 */
export function markThing(place, answer, number, onChoose) {
  for (const button of place.panel.querySelectorAll("[data-thing]")) button.setAttribute("aria-pressed", "false");
  const thing = answer.features.find(({ properties }) => properties.number === number);
  if (!thing) return;
  let found = place.panel.querySelector(`[data-thing="${number}"]`);
  if (!found) {
    // one that the list had no room for
    const row = item(thing, onChoose);
    (isMarked(thing) ? place.list : place.unmarkedList).prepend(row);
    found = row.querySelector("button");
  }
  found?.setAttribute("aria-pressed", "true");
  found?.scrollIntoView({ block: "nearest" });
}

/** @param {Thing} thing  @param {(number: number) => void} onChoose  @returns {HTMLLIElement} */
function item({ properties }, onChoose) {
  const { number, name, said, groups } = properties;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "words__item", "data-thing": number, "aria-pressed": "false", onclick: () => onChoose(number) },
      el("span", { class: "words__said" }, name),
      said === "0" ? null : el("span", {}, `${said} barn`),
      groups.length ? el("span", { class: "words__about" }, groups.map(([label, children]) => `${label}: ${children}`).join(" · ")) : null,
    ),
  );
}

/** @param {LayerAnswer} answer  @param {number} listed  @returns {string} */
function foundWords({ layer, numberMatched, unmarked }, listed) {
  if (layer === null) return "Kommunen har ingen kartlag ennå. Hent dem inn på siden Kartlag.";
  const marked = numberMatched - unmarked;
  if (!marked) return `Ingen av de ${numberMatched} i kartlaget er merket av barn, med det som er valgt.`;
  const words = `${marked} av ${numberMatched} i kartlaget er merket av barn. Velg i lista eller på kartet.`;
  return Math.min(listed, MOST) < marked ? `${words} Lista viser de ${Math.min(listed, MOST)} med flest barn.` : words;
}

/** @param {LayerAnswer} answer  @returns {string[]} how many there are, and what it does not mean that nobody has marked them */
function unmarkedWords({ unmarked, numberMatched, asked }) {
  const who = asked.pupils ? `${asked.answered} av ${asked.pupils} elever` : `${asked.answered} barn`;
  const bands = asked.bands.length ? ` (${joined(asked.bands)})` : "";
  const missing = [...asked.silent_bands, ...asked.silent];
  return [
    `${unmarked} av ${numberMatched} i kartlaget er ikke merket av noe barn, med det som er valgt.`,
    `Det betyr ikke at ingen bruker dem. ${who}${bands} har svart, og ingen er spurt om akkurat disse stedene: barna merker det de kommer på.`,
    ...(missing.length ? [`Ingen svar fra ${joined(missing)}. Hva de ville merket, vet vi ikke.`] : []),
  ];
}

/** @param {string[]} words  @returns {string} as they are listed in Norwegian */
const joined = (words) => new Intl.ListFormat("nb", { type: "conjunction" }).format(words);
