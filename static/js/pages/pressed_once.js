/** A button pressed twice does its work once: a form that is on its way is not sent again. */

/** After this nobody presses twice by mistake: the network failed, or the answer was a file and the page is still here. */
const FORGET_MS = 5_000;

/** @type {Set<EventTarget>} */
const sent = new Set();

addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post") {
    return;
  }
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  setTimeout(() => sent.delete(form), FORGET_MS);
});

// Gone back to, the page is as it was, and its forms may be sent anew.
addEventListener("pageshow", () => sent.clear());
