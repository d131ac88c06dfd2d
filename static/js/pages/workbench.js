// The planner's workbench: filters, map and numbers follow one another, and the address bar follows them all.

import { addBasemap } from "../basemap.js";
import { DeskMap } from "../desk_map.js";
import { L } from "../leaflet.js";

/** @typedef {import("../desk_map.js").PageData} PageData */

/** @template {HTMLElement} T  @param {string} id  @param {new () => T} type  @returns {T} */
function need(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

const data = /** @type {PageData} */ (JSON.parse(need("page-data", HTMLScriptElement).textContent ?? ""));
const form = need("filters", HTMLFormElement);
const numbers = need("summary", HTMLElement);
const desk = new DeskMap(need("map", HTMLElement), need("legend", HTMLElement), data);
const basemap = data.basemaps.find((offered) => offered.default) ?? data.basemaps[0];
if (basemap) addBasemap(desk.map, basemap, { look: "desk" });

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
  return control instanceof HTMLSelectElement || control instanceof HTMLInputElement ? control.value : "";
}

/** @param {string} address  @param {URLSearchParams} query  @param {AbortSignal} signal */
async function load(address, query, signal) {
  const response = await fetch(`${address}?${query}`, { signal, headers: { Accept: "application/json, text/html;q=0.9" } });
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response;
}

/** @param {URLSearchParams} query  @param {AbortSignal} signal */
async function showMap(query, signal) {
  const show = /** @type {"marks" | "hexagons" | "heat"} */ (tool("show") || "marks");
  for (const only of document.querySelectorAll("[data-shown-for]")) {
    if (only instanceof HTMLElement) only.hidden = only.dataset.shownFor !== show;
  }
  const more = new URLSearchParams(query);
  if (show === "hexagons") more.set("size", tool("size"));
  if (show === "heat") more.set("bandwidth", tool("bandwidth"));
  const response = await load(data.urls[show], more, signal);
  desk.show(show, await response.json());
}

/** @param {URLSearchParams} query  @param {AbortSignal} signal */
async function showNumbers(query, signal) {
  const response = await load(data.urls.summary, query, signal);
  // our own server's template, in which every word is escaped; parsed without running anything
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  numbers.replaceChildren(...page.body.childNodes);
}

/** Bring pills, address, map and numbers in step with the form. */
async function follow() {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const query = chosen();
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  for (const count of document.querySelectorAll("[data-count]")) {
    if (!(count instanceof HTMLElement)) continue;
    const n = query.getAll(count.dataset.count ?? "").length;
    count.textContent = n ? ` (${n})` : "";
    count.closest(".pill__head")?.classList.toggle("pill__head--on", n > 0);
  }
  numbers.setAttribute("aria-busy", "true");
  try {
    await Promise.all([showMap(query, signal), showNumbers(query, signal)]);
    desk.say("");
  } catch (error) {
    if (!signal.aborted) desk.say("Fikk ikke hentet tallene. Prøv igjen om litt.");
    if (!(error instanceof Error) || !signal.aborted) console.warn(error);
  } finally {
    if (!signal.aborted) numbers.removeAttribute("aria-busy");
  }
}

/** A bar stands for a filter: choosing it turns that filter on or off. @param {string} pair  "category=leke" */
function toggle(pair) {
  const [name, value] = pair.split("=");
  const box = form.querySelector(`input[name="${CSS.escape(name ?? "")}"][value="${CSS.escape(value ?? "")}"]`);
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = !box.checked;
  follow();
}

form.addEventListener("change", follow);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  follow();
});
document.querySelector("[data-clear]")?.addEventListener("click", (event) => {
  event.preventDefault();
  for (const input of form.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = false;
    else input.value = "";
  }
  follow();
});
document.querySelector(".workbench__tools")?.addEventListener("change", follow);
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
for (const hidden of document.querySelectorAll("[data-script-hides]")) if (hidden instanceof HTMLElement) hidden.hidden = true;

desk.fit(L.geoJSON(data.study_area).getBounds());
follow();
