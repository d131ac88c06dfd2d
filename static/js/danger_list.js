// Where danger was marked and many children go, the first first; choosing one brings its stretch of street in sight.

import { el } from "./dom.js";

/**
 * @typedef {object} Danger
 * @property {string} name         of the street; some have none
 * @property {string} near         the nearest street with a name, where it has none
 * @property {import("geojson").Position[]} line
 * @property {number | null} children
 * @property {string} said         children who go there
 * @property {string} low
 * @property {string} high
 * @property {string} afraid       children who marked a danger there
 * @property {number} among_first  0 to 1
 */

/** From which share on something is said so surely. */
const SURE = 0.95;
const LIKELY = 0.6;

/**
 * @param {{panel: HTMLElement, hint: HTMLElement, list: HTMLElement}} place
 * @param {Danger[] | null} dangers  null hides the list
 * @param {(line: import("geojson").Position[]) => void} onChoose
 */
export function showDangers({ panel, hint, list }, dangers, onChoose) {
  panel.hidden = dangers === null;
  if (dangers === null) return;
  hint.textContent = dangers.length
    ? "Velg en strekning for å se den på kartet."
    : "Ingen har merket noe farlig ved en gate, med det som er valgt.";
  list.replaceChildren(
    ...dangers.map((danger) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "words__item", onclick: () => onChoose(danger.line) },
          el("span", { class: "words__said" }, danger.name || (danger.near ? `Uten navn, ved ${danger.near}` : "Uten navn")),
          el("span", {}, `${danger.said} barn går her, ${danger.afraid} sier det er farlig`),
          el("span", { class: "words__about" }, sureness(danger)),
        ),
      ),
    ),
  );
}

/** @param {Danger} danger  @returns {string} how sure it is that this is among the first, and how many it may be */
function sureness({ among_first: share, children, low, high }) {
  const percent = `${Math.round(share * 100)} %`;
  const words = share >= SURE ? "Sikkert" : share >= LIKELY ? "Trolig" : "Usikkert";
  const range = children === null || low === high ? "" : `; mellom ${low} og ${high} barn`;
  return `${words} blant de tre første (${percent})${range}`;
}
