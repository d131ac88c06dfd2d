// The released words of the marks on the map, in the order they came in, which is by chance; choosing one opens its mark.

import { el } from "./dom.js";

/** More at once are not read; the filters make them fewer. */
const MOST = 25;

/**
 * @typedef {object} WordList
 * @property {HTMLElement} panel
 * @property {HTMLElement} hint
 * @property {HTMLElement} list
 */

/**
 * @param {WordList} where
 * @param {import("geojson").Feature[]} features
 * @param {(feature: import("geojson").Feature) => string} label  the category's name
 * @param {(feature: import("geojson").Feature) => void} open
 */
export function showWords(where, features, label, open) {
  const said = features.filter((feature) => feature.properties?.comment);
  where.panel.hidden = said.length === 0;
  where.hint.textContent =
    said.length > MOST
      ? `${MOST} av ${said.length} frigitte utsagn, tilfeldig valgt. Filtrer for å se andre.`
      : `${said.length === 1 ? "Ett frigitt utsagn" : `${said.length} frigitte utsagn`}. Velg ett for å se stedet på kartet.`;
  where.list.replaceChildren(
    ...said
      .slice(0, MOST)
      .map((feature) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "words__item", onclick: () => open(feature) },
            el("span", { class: "words__said" }, `«${feature.properties?.comment}»`),
            el("span", { class: "words__about" }, label(feature)),
          ),
        ),
      ),
  );
}
