// What is chosen in the filters, as small buttons that each take one choice away again.

import { el } from "./dom.js";

/**
 * @param {HTMLElement} list
 * @param {HTMLFormElement} form
 * @param {() => void} changed
 */
export function showChips(list, form, changed) {
  /** @type {HTMLLIElement[]} */
  const chips = [];
  const add = (/** @type {string} */ words, /** @type {() => void} */ takeAway) => {
    const remove = () => {
      takeAway();
      changed();
      // the button is gone by now; the next one takes the focus, or the first pill
      const next = list.querySelector("button") ?? form.querySelector("summary");
      if (next instanceof HTMLElement) next.focus();
    };
    chips.push(
      el("li", {}, el("button", { type: "button", class: "chip", "aria-label": `Ta bort ${words}`, onclick: remove }, words, cross())),
    );
  };
  for (const box of form.querySelectorAll("input")) {
    if (box.type === "checkbox" && box.checked) {
      add(`${heading(box)}: ${box.closest("label")?.textContent?.trim() ?? box.value}`, () => {
        box.checked = false;
      });
    } else if (box.type === "date" && box.value) {
      const day = new Date(`${box.value}T12:00`).toLocaleDateString("nb", { day: "numeric", month: "short", year: "numeric" });
      add(`${box.name === "from" ? "Fra" : "Til"} ${day}`, () => {
        box.value = "";
      });
    } else if (box.dataset.chip && box.value) {
      add(box.dataset.chip, () => {
        box.value = "";
      });
    }
  }
  list.replaceChildren(...chips);
  list.hidden = chips.length === 0;
}

/** @param {HTMLInputElement} box */
function heading(box) {
  return box.closest("fieldset")?.querySelector("legend")?.textContent?.trim() ?? box.name;
}

function cross() {
  return el("span", { "aria-hidden": "true", class: "chip__cross" }, "×");
}
