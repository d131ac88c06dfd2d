// The teacher's board: fetches the list of seats again every few seconds while the page is looked at, and fills the screen with the code.

const EVERY_MS = 3000;
/** From then on the teacher is told that what the board says may be old. */
const OLD_MS = 10_000;
let heardAt = Date.now();

/** @param {HTMLElement} place  an element with the address of its own content in data-refresh */
async function refresh(place) {
  const address = place.dataset.refresh;
  if (!address || document.hidden) return;
  const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  const isOut = response?.redirected === true;
  if (response?.ok && !isOut) heardAt = Date.now();
  tellAge(place, isOut);
  if (!response?.ok || isOut) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // our own server's template, parsed without running anything, and only when something changed
  if (wordsOf(place) === wordsOf(page.body)) return;
  const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  place.replaceChildren(...page.body.childNodes);
  if (focused) {
    /** @type {HTMLElement | null} */ (place.querySelector(`[href="${CSS.escape(focused)}"]`))?.focus();
  }
  copyTexts();
}

/** @param {HTMLElement} place  @param {boolean} isOut  the login page answered */
function tellAge(place, isOut) {
  const note = document.getElementById(place.dataset.old ?? "");
  if (!note) return;
  const at = new Date(heardAt).toLocaleTimeString("nb", { hour: "2-digit", minute: "2-digit" });
  const isOld = Date.now() - heardAt > OLD_MS;
  const text = (isOut ? note.dataset.out : isOld ? note.dataset.lost?.replace("{tid}", at) : "") ?? "";
  note.hidden = text === "";
  if (note.textContent !== text) note.textContent = text;
}

/** @param {Element} element */
function wordsOf(element) {
  return element.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

/** What is said elsewhere on the page too: to screen readers, and on the full screen. */
function copyTexts() {
  for (const copy of document.querySelectorAll("[data-copy-of]")) {
    const source = document.querySelector(copy.getAttribute("data-copy-of") ?? "");
    const text = source ? wordsOf(source) : "";
    if (copy.textContent !== text) copy.textContent = text;
  }
}

/** @param {HTMLButtonElement} button  names the element to fill the screen with in data-fullscreen */
function offerFullScreen(button) {
  const shown = document.getElementById(button.dataset.fullscreen ?? "");
  if (!shown || !document.fullscreenEnabled) return;
  const enter = button.textContent ?? "";
  button.hidden = false;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : shown.requestFullscreen()));
  document.addEventListener("fullscreenchange", () => {
    button.textContent = document.fullscreenElement ? (button.dataset.leave ?? enter) : enter;
  });
}

for (const place of document.querySelectorAll("[data-refresh]")) {
  if (place instanceof HTMLElement) setInterval(() => refresh(place), EVERY_MS);
}
for (const button of document.querySelectorAll("button[data-fullscreen]")) {
  if (button instanceof HTMLButtonElement) offerFullScreen(button);
}
copyTexts();
