/** The form of a question shows only what its type needs; without a script all of it stands there, with words for which types it is. */

const form = document.getElementById("question");
const types = /** @type {HTMLInputElement[]} */ ([...(form?.querySelectorAll("input[name=type]") ?? [])]);

function show() {
  const type = types.find((one) => one.checked)?.value ?? "";
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-for-types]"))) {
    part.hidden = !(part.dataset.forTypes ?? "").split(" ").includes(type);
  }
}

form?.addEventListener("change", show);
show();
