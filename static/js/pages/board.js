// The teacher's board: fetches the list of seats again every few seconds while the page is looked at.

const EVERY_MS = 3000;

/** @param {HTMLElement} place  an element with the address of its own content in data-refresh */
async function refresh(place) {
  const address = place.dataset.refresh;
  if (!address || document.hidden) return;
  const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // our own server's template, parsed without running anything, and only when something changed
  if (place.textContent?.trim() !== page.body.textContent?.trim()) place.replaceChildren(...page.body.childNodes);
}

for (const place of document.querySelectorAll("[data-refresh]")) {
  if (place instanceof HTMLElement) setInterval(() => refresh(place), EVERY_MS);
}
