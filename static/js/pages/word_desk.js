/** The moderation desk: the page's own forms, sent in the background and by keyboard. What the server says is then read from the page anew. */

import { actionOf } from "../word_keys.js";

/** @typedef {{status: number, said?: string, detail?: string, code?: string, text?: string, mark?: string, must_confirm?: boolean}} Answer */

const TIMEOUT_MS = 20_000;
const STORED_AS = "trakk-hurtigtaster";
/** A guest network's page is neither of these. */
const OURS = /^application\/(problem\+)?json\b/;

const desk = byId("bord");
const list = byId("venter");
const empty = byId("tomt");
const said = byId("sagt");
const last = byId("avgjort");
const undoButton = byId("angre");
const switched = /** @type {HTMLInputElement} */ (byId("taster"));
const help = /** @type {HTMLDetailsElement} */ (byId("tasteliste"));
let isSending = false;
let refreshes = 0;
/** Whether the page is what the server said last; while false, what stands first among the judged need not be the last. */
let isFresh = Promise.resolve(true);
/** The last text on the page was judged from within: whatever comes next gets the focus. */
let isFocusWaiting = false;

/** @param {string} id  @returns {HTMLElement} */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is not on the page`);
  return found;
}

/** @returns {HTMLElement[]} */
function texts() {
  return [...list.querySelectorAll("article")];
}

/** The text that has the focus, itself or in its form. @returns {HTMLElement | null} */
function current() {
  const found = document.activeElement?.closest("article") ?? null;
  return found && list.contains(found) ? found : null;
}

/** @param {HTMLElement} text */
function partsOf(text) {
  return {
    form: /** @type {HTMLFormElement} */ (text.querySelector("form")),
    field: /** @type {HTMLTextAreaElement} */ (text.querySelector("textarea")),
    error: /** @type {HTMLElement} */ (text.querySelector(".field__error")),
    confirm: /** @type {HTMLElement} */ (text.querySelector(".held__confirm")),
    tick: /** @type {HTMLInputElement} */ (text.querySelector("[name=confirmed]")),
    redact: text.querySelector("button[value=redact]"),
  };
}

/** @param {HTMLElement | null | undefined} text */
function focusOn(text) {
  const target = text ?? empty;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

/** @param {string | undefined} words */
function say(words) {
  // the same words twice are announced twice
  said.textContent = "";
  setTimeout(() => {
    said.textContent = words ?? "";
  });
}

/**
 * Send a form; status 0 when our server has not answered.
 * @param {HTMLFormElement} form
 * @param {string} [decision]
 * @returns {Promise<Answer>}
 */
async function post(form, decision) {
  const body = new FormData(form);
  if (decision) body.set("decision", decision);
  const lost = { status: 0, detail: desk.dataset.lost };
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json, application/problem+json" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.type === "opaqueredirect") return { status: 0, detail: desk.dataset.out };
    if (!OURS.test(answer.headers.get("Content-Type") ?? "")) return lost;
    return { ...(await answer.json()), status: answer.status };
  } catch {
    return lost;
  }
}

/**
 * One thing at a time: a key pressed while the last is on its way would judge a text that nobody has read.
 * @param {() => Promise<void>} work
 */
async function alone(work) {
  if (isSending) return;
  isSending = true;
  desk.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    isSending = false;
    desk.removeAttribute("aria-busy");
  }
}

/** @param {HTMLElement} text  @param {string} decision */
async function judge(text, decision) {
  const { form } = partsOf(text);
  const answer = await post(form, decision);
  if (answer.status === 200 && decision === "redact") return showRedacted(text, answer);
  if (answer.status === 200) {
    say(answer.said);
    leave(text);
    // not waited for: the next text is there already
    isFresh = refresh();
    return;
  }
  if (answer.status === 409 || answer.status === 404) {
    // somebody else's decision, or the child's: what is here is not there any more
    say(answer.detail);
    const at = texts().indexOf(text);
    text.closest("li")?.remove();
    isFresh = refresh();
    await isFresh;
    return focusOn(texts()[Math.min(at, texts().length - 1)]);
  }
  showRefusal(text, answer);
}

/** Take a judged text away; who still has the focus in it comes to the next. @param {HTMLElement} text */
function leave(text) {
  const all = texts();
  const at = all.indexOf(text);
  const hadFocus = text.contains(document.activeElement) || document.activeElement === document.body;
  text.closest("li")?.remove();
  isFocusWaiting = hadFocus && all.length === 1;
  if (hadFocus && all.length > 1) focusOn(all[at + 1] ?? all[at - 1]);
}

/** @param {HTMLElement} text  @param {Answer} answer */
function showRedacted(text, answer) {
  const { field, confirm, tick } = partsOf(text);
  field.value = answer.text ?? field.value;
  confirm.hidden = !answer.must_confirm;
  tick.checked = false;
  showRefusal(text, { status: 200, detail: "" });
  say(answer.said);
}

/** @param {HTMLElement} text  @param {Answer} answer */
function showRefusal(text, { status, detail, code }) {
  const { field, error, confirm } = partsOf(text);
  error.textContent = detail ?? "";
  if (code === "flags-left") confirm.hidden = false;
  if (status === 422 && code !== "flags-left") {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } else {
    field.removeAttribute("aria-invalid");
  }
  if (!detail) return;
  // the reason is an alert in the text's own form; what was said of another text is over
  say("");
  text.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLFormElement} form */
async function undo(form) {
  const answer = await post(form);
  say(answer.said ?? answer.detail);
  if (answer.status === 0) return;
  isFresh = refresh(answer.mark);
  await isFresh;
  if (answer.mark) focusOn(document.getElementById(`tekst-${answer.mark}`) ?? texts()[0]);
}

/** The newest decision, once it is known which one that is. */
async function undoLast() {
  if (!(await isFresh)) isFresh = refresh();
  const isKnown = await isFresh;
  const form = last.querySelector("form");
  if (isKnown && form) return undo(form);
  say(isKnown ? desk.dataset.nothing : desk.dataset.lost);
}

/**
 * Take counts, what was judged and texts that have come from the server. Nothing here that is being worked on is touched.
 * @param {string} [first]  the mark whose words shall be among them
 * @returns {Promise<boolean>}  whether it worked, or a later one is on its way
 */
async function refresh(first) {
  refreshes += 1;
  const mine = refreshes;
  const address = new URL(location.href);
  if (first) address.searchParams.set("foran", first);
  const answer = await fetch(address, { redirect: "error", headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return false;
  // our own server's template, parsed without running anything
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== refreshes) return isFresh;
  if (!page.getElementById("bord")) return false;
  for (const id of ["antall", "utvalg", "avgjort", "tomt"]) {
    byId(id).replaceChildren(...(page.getElementById(id)?.childNodes ?? []));
  }
  mergeTexts(/** @type {HTMLElement[]} */ ([...page.querySelectorAll("#venter > li")]));
  empty.hidden = texts().length > 0;
  undoButton.hidden = !last.querySelector("form");
  if (isFocusWaiting && document.activeElement === document.body) focusOn(texts()[0]);
  isFocusWaiting = false;
  return true;
}

/** @param {HTMLElement[]} fresh  the server's items, in its order */
function mergeTexts(fresh) {
  const here = new Map(texts().map((text) => [text.id, text]));
  /** @type {Element | null} */
  let before = null;
  for (const item of fresh) {
    const text = here.get(item.querySelector("article")?.id ?? "");
    /** @type {HTMLElement | null} */
    let stays = text?.closest("li") ?? null;
    if (text && stays && !isTouched(text) && stateOf(stays) !== stateOf(item)) {
      stays.replaceWith(item);
      stays = item;
    } else if (!stays) {
      if (before) before.after(item);
      else list.prepend(item);
      stays = item;
    }
    here.delete(text?.id ?? "");
    before = stays;
  }
  for (const text of here.values()) {
    if (!isTouched(text)) text.closest("li")?.remove();
  }
}

/** @param {Element} item  @returns {string} */
function stateOf(item) {
  return /** @type {HTMLInputElement | null} */ (item.querySelector("[name=seen]"))?.value ?? "";
}

/** Whether somebody is at the text, or has changed it. @param {HTMLElement} text */
function isTouched(text) {
  const { field } = partsOf(text);
  return text.contains(document.activeElement) || field.value !== field.defaultValue;
}

/** @param {HTMLElement} text  R: take out what was found; where there is nothing, go into the field */
function edit(text) {
  const { field, redact, form } = partsOf(text);
  const isSame = field.value === field.defaultValue;
  if (redact && isSame) return form.requestSubmit(/** @type {HTMLButtonElement} */ (redact));
  field.focus();
}

/** @param {import("../word_keys.js").Action} action */
function act(action) {
  const text = current();
  if (action === "help") help.open = !help.open;
  else if (action === "undo") alone(undoLast);
  else if (action === "next" || action === "previous") move(text, action === "next" ? 1 : -1);
  else if (!text) focusOn(texts()[0]);
  else if (action === "leave") text.focus();
  else if (action === "edit") edit(text);
  else if (action === "confirm") partsOf(text).tick.click();
  else alone(() => judge(text, action));
}

/** @param {HTMLElement | null} from  @param {1 | -1} step */
function move(from, step) {
  const all = texts();
  const to = from ? all[all.indexOf(from) + step] : all[0];
  if (to) focusOn(to);
  else say(desk.dataset.none);
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

document.addEventListener("keydown", (event) => {
  const where = { isTyping: isTyping(event.target), isAtText: current() !== null, areOn: switched.checked };
  const action = actionOf(event, where);
  if (!action) return;
  event.preventDefault();
  act(action);
});

desk.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const text = form.closest("article");
  const decision = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value;
  event.preventDefault();
  // a text that could not be sent is sent again at once: alone() sees to double presses
  event.stopPropagation();
  alone(() => (text ? judge(text, decision || "release") : undo(form)));
});

switched.addEventListener("change", () => {
  localStorage.setItem(STORED_AS, switched.checked ? "på" : "av");
  desk.toggleAttribute("data-with-keys", switched.checked);
});

undoButton.addEventListener("click", () => alone(undoLast));
undoButton.hidden = !last.querySelector("form");
switched.checked = localStorage.getItem(STORED_AS) !== "av";
desk.toggleAttribute("data-with-keys", switched.checked);
for (const part of document.querySelectorAll("[data-keys]")) part.removeAttribute("hidden");
