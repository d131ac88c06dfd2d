// The planner's workbench: filters, map, numbers and words follow one another, and the address bar follows them all.

import { AreaChoice } from "../area_choice.js";
import { addBasemap } from "../basemap.js";
import { showChips } from "../chips.js";
import { showDangers } from "../danger_list.js";
import { DeskMap } from "../desk_map.js";
import { el } from "../dom.js";
import { fillGroups, foundWords, isPair } from "../group_choice.js";
import { markThing, showThings } from "../thing_list.js";
import { showWords } from "../word_list.js";

/** @typedef {import("../desk_map.js").PageData & {area: {choices: string, outline: string}}} PageData */

/** @template {HTMLElement} T  @param {string} id  @param {new () => T} type  @returns {T} */
function need(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

const data = /** @type {PageData} */ (JSON.parse(need("page-data", HTMLScriptElement).textContent ?? ""));
const form = need("filters", HTMLFormElement);
const numbers = need("summary", HTMLElement);
const chips = need("chips", HTMLElement);
const extent = need("extent", HTMLInputElement);
const box = /** @type {HTMLInputElement} */ (form.elements.namedItem("bbox"));
const words = { panel: need("words-panel", HTMLElement), hint: need("words-hint", HTMLElement), list: need("words", HTMLElement) };
const dangers = { panel: need("dangers-panel", HTMLElement), hint: need("dangers-hint", HTMLElement), list: need("dangers", HTMLElement) };
const things = {
  panel: need("within-panel", HTMLElement),
  hint: need("within-hint", HTMLElement),
  list: need("within", HTMLElement),
  unmarked: need("unmarked", HTMLElement),
  unmarkedHint: need("unmarked-hint", HTMLElement),
  unmarkedList: need("unmarked-list", HTMLElement),
};
const desk = new DeskMap(need("map", HTMLElement), need("legend", HTMLElement), data);
const areaField = /** @type {HTMLInputElement} */ (form.elements.namedItem("area"));
const areas = new AreaChoice(desk.map, areaField, data.area, () => follow());

/** What is under way; a newer choice ends it. */
let running = new AbortController();

/** @returns {URLSearchParams} the filters as they stand, without empty ones */
function chosen() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) query.append(name, value);
  return query;
}

/** @param {string} name  @returns {string} the value of a control beside the map */
function tool(name) {
  const control = document.querySelector(`.workbench__tools [name="${name}"]:is(select, :checked)`);
  return control instanceof HTMLSelectElement || control instanceof HTMLInputElement ? control.value || control.dataset.chosen || "" : "";
}

/** @param {string} address  @param {URLSearchParams} query  @param {AbortSignal} signal */
async function load(address, query, signal) {
  const response = await fetch(`${address}?${query}`, { signal, headers: { Accept: "application/json, text/html;q=0.9" } });
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response;
}

/** @typedef {import("../desk_map.js").Show} Show */

/** @returns {Show} what the map shows */
const shown = () => /** @type {Show} */ (tool("show") || "marks");

/** @type {[string, Show[]][]} which controls beside the map are of use for what */
const USES = [
  ["size", ["hexagons", "spots", "difference"]],
  ["bandwidth", ["heat"]],
  ["first", ["difference"]],
  ["second", ["difference"]],
  ["layer", ["within"]],
  ["radius", ["within"]],
];

/** @param {URLSearchParams} query  @returns {URLSearchParams} the filters, and how the map shows what they leave */
function viewed(query) {
  const view = new URLSearchParams(query);
  const show = shown();
  if (show !== "marks") view.set("show", show);
  for (const [name, shows] of USES) if (shows.includes(show) && tool(name)) view.set(name, tool(name));
  // the one that was chosen before may be of another kind
  if (!isPair(tool("first"), tool("second"))) view.delete("second");
  return view;
}

/** @param {import("../group_choice.js").Difference} answer */
function offerGroups(answer) {
  fillGroups(need("first", HTMLSelectElement), need("second", HTMLSelectElement), answer);
  need("difference-hint", HTMLElement).textContent = foundWords(answer);
}

/** @param {import("../desk_layer.js").LayerAnswer | null} answer */
function offerThings(answer) {
  const only = need("within-only", HTMLButtonElement);
  only.hidden = true;
  const choose = (/** @type {number} */ number, /** @type {boolean} */ go) => {
    desk.choose(number, go);
    const thing = answer?.features.find((one) => one.properties.number === number);
    only.hidden = !thing?.geometry.type.endsWith("Polygon");
    only.onclick = () => areas.choose(`${answer?.layer}.${number}`);
    if (answer) markThing(things, answer, number, fromList);
  };
  const fromList = (/** @type {number} */ number) => choose(number, true);
  desk.onThing = (number) => choose(number, false);
  showThings(things, answer, fromList);
  if (!answer) return;
  const select = need("layer", HTMLSelectElement);
  select.replaceChildren(...answer.layers.map(({ value, label }) => el("option", { value, selected: value === answer.layer }, label)));
  delete select.dataset.chosen;
  need("radius", HTMLSelectElement)
    .closest("label")
    ?.toggleAttribute("hidden", answer.radius_m === null);
}

/** @param {URLSearchParams} view  @param {AbortSignal} signal */
async function showMap(view, signal) {
  const show = shown();
  for (const only of document.querySelectorAll("[data-shown-for]")) {
    if (only instanceof HTMLElement) only.hidden = !only.dataset.shownFor?.split(" ").includes(show);
  }
  const response = await load(data.urls[show], view, signal);
  const answer = await response.json();
  desk.query = chosen();
  desk.show(show, answer);
  if (show === "difference") offerGroups(answer);
  offerThings(show === "within" ? answer : null);
  showDangers(dangers, show === "streets" ? answer.ranking : null, (line) => desk.look(line));
  const label = (/** @type {import("geojson").Feature} */ mark) => data.categories[mark.properties?.category]?.label ?? "";
  showWords(words, show === "marks" ? answer.features : [], label, (mark) => desk.open(mark));
}

/** @param {URLSearchParams} query  @param {AbortSignal} signal */
async function showNumbers(query, signal) {
  const response = await load(data.urls.summary, query, signal);
  // our own server's template, in which every word is escaped; parsed without running anything
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // only now: what is unfolded while the numbers are on their way must stay so, too
  const opened = [...numbers.querySelectorAll("details[open]")].map((details) => details.className);
  numbers.replaceChildren(...page.body.childNodes);
  need("said", HTMLElement).textContent = [...numbers.querySelectorAll(".figures__item")]
    .map((item) => `${item.querySelector("dd")?.textContent} ${item.querySelector("dt")?.textContent}`)
    .join(", ");
  for (const name of opened) numbers.querySelector(`details.${CSS.escape(name)}`)?.setAttribute("open", "");
}

/** Bring pills, address, map and numbers in step with the form. */
async function follow() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const query = chosen();
  const view = viewed(query);
  history.replaceState(null, "", view.size ? `?${view}` : location.pathname);
  // what is read about these marks on other pages is read of the same ones
  for (const link of document.querySelectorAll("a[data-keeps-filters]")) {
    if (link instanceof HTMLAnchorElement) link.search = query.toString();
  }
  need("view-query", HTMLInputElement).value = view.toString();
  areas.sync();
  showChips(chips, form, follow);
  for (const count of document.querySelectorAll("[data-count]")) {
    if (!(count instanceof HTMLElement)) continue;
    const n = query.getAll(count.dataset.count ?? "").length;
    count.textContent = n ? ` (${n})` : "";
    count.closest(".pill__head")?.classList.toggle("pill__head--on", n > 0);
  }
  numbers.setAttribute("aria-busy", "true");
  try {
    await Promise.all([showMap(view, signal), showNumbers(query, signal)]);
  } catch (error) {
    if (signal.aborted) return;
    desk.say("Fikk ikke hentet tallene. Prøv igjen om litt.");
    console.warn(error);
  }
  if (!signal.aborted) numbers.removeAttribute("aria-busy");
}

/** A bar stands for a filter: choosing it turns that filter on or off. @param {string} pair  "category=leke" */
function toggle(pair) {
  const [name, value] = pair.split("=");
  const choice = form.querySelector(`input[name="${CSS.escape(name ?? "")}"][value="${CSS.escape(value ?? "")}"]`);
  if (!(choice instanceof HTMLInputElement)) return;
  choice.checked = !choice.checked;
  follow();
}

/** The first basemap, and a list to choose another where there are several. */
function layBasemap() {
  const offered = data.basemaps;
  const select = need("basemap", HTMLSelectElement);
  let index = Math.max(
    0,
    offered.findIndex((basemap) => basemap.default),
  );
  const lay = () => (offered[index] ? addBasemap(desk.map, offered[index], { look: "desk" }) : null);
  let layer = lay();
  select.replaceChildren(...offered.map((basemap, at) => el("option", { value: at, selected: at === index }, basemap.name ?? "")));
  const label = select.closest("label");
  if (label) label.hidden = offered.length < 2;
  select.addEventListener("change", () => {
    index = Number(select.value);
    layer?.remove();
    layer = lay();
  });
}

form.addEventListener("change", follow);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  follow();
});
document.querySelector("[data-clear]")?.addEventListener("click", (event) => {
  event.preventDefault();
  extent.checked = false;
  for (const input of form.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = false;
    else input.value = "";
  }
  follow();
});
document.querySelector(".workbench__tools")?.addEventListener("change", (event) => {
  if (event.target === extent) box.value = extent.checked ? desk.bbox() : "";
  if (event.target instanceof Element && event.target.id !== "basemap") follow();
});
numbers.addEventListener("click", (event) => {
  const bar = event.target instanceof Element ? event.target.closest("[data-filter]") : null;
  const pair = bar?.getAttribute("data-filter");
  if (pair) toggle(pair);
});
document.addEventListener("click", (event) => {
  // a pill left open would lie over the map
  for (const pill of document.querySelectorAll(".pill[open]")) {
    if (event.target instanceof Node && !pill.contains(event.target)) pill.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".pill[open]");
  if (event.key !== "Escape" || !open) return;
  open.removeAttribute("open");
  open.querySelector("summary")?.focus();
});
for (const only of document.querySelectorAll("[data-script-hides], [data-script-shows]")) {
  if (only instanceof HTMLElement) only.hidden = only.hasAttribute("data-script-hides");
}

layBasemap();
if (box.value) desk.fitBox(box.value);
else desk.fit();
follow();
desk.map.on("moveend", () => {
  // moving the map to a mark that is being read must not take the mark away
  if (!extent.checked || desk.isRead) return;
  box.value = desk.bbox();
  follow();
});
