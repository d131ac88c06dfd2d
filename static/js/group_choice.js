// The two lists of groups that can be compared, and the sentence that says what was found.

import { el } from "./dom.js";

/**
 * @typedef {object} Difference
 * @property {{heading: string, choices: {value: string, label: string}[]}[]} choices
 * @property {{label: string, children: number}[]} groups  the two that are compared, or none yet
 * @property {import("geojson").Feature[]} features
 */

/**
 * Fill both lists; what is chosen stays. In the second one only groups of the first one's kind are left, since others may share children.
 * @param {HTMLSelectElement} first
 * @param {HTMLSelectElement} second
 * @param {Difference} answer
 */
export function fillGroups(first, second, { choices }) {
  for (const select of [first, second]) {
    // what the address asked for counts until the list is there
    const value = select.value || select.dataset.chosen || "";
    delete select.dataset.chosen;
    const offered = choices
      .map(({ heading, choices: all }) => ({ heading, all: select === first ? all : all.filter((one) => isPair(first.value, one.value)) }))
      .filter(({ all }) => all.length);
    select.replaceChildren(
      el("option", { value: "" }, "Velg gruppe"),
      ...offered.map(({ heading, all }) =>
        el(
          "optgroup",
          { label: heading },
          ...all.map((one) => el("option", { value: one.value, selected: one.value === value }, one.label)),
        ),
      ),
    );
  }
}

/** @param {string} one  @param {string} other  @returns {boolean} whether two groups can be compared */
export function isPair(one, other) {
  return one !== "" && one !== other && one.split(":")[0] === other.split(":")[0];
}

/** @param {Difference} answer  @returns {string} */
export function foundWords({ choices, groups, features }) {
  const [first, second] = groups;
  if (!choices.length) return "Undersøkelsen har bare ett klassetrinn, én skole og én runde. Det er ingenting å sammenligne med ennå.";
  if (!first || !second) return "Velg to grupper over kartet: to klassetrinn, to skoler eller to runder.";
  const sure = features.filter((feature) => feature.properties?.more !== 0).length;
  const sizes = `${first.label} (${first.children} barn) og ${second.label} (${second.children} barn)`;
  if (!sure) return `${sizes}: ingen av ${features.length} sekskanter skiller dem mer enn tilfeldig.`;
  return `${sizes}: ${sure} av ${features.length} sekskanter skiller dem mer enn tilfeldig.`;
}
