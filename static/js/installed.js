/** The page's side of the service worker: installs it, tells it which survey to keep, lets a new version in between two pupils. */

/** The first drawing of the map comes before what is for later; but a page that never rests must not stay without. */
const REST_MS = 3_000;
/** How long the next pupil may have to wait for a new version that is ready. */
const PATIENCE_MS = 4_000;

/**
 * Install the service worker, and keep a survey for when there is no network. Browsers that have none, or refuse, go on without.
 * @param {string} worker   its address
 * @param {string[]} urls   of the bundle and the map
 */
export async function keepForOffline(worker, urls) {
  navigator.storage?.persist?.().catch(() => undefined);
  if (!navigator.serviceWorker) {
    return;
  }
  await rest();
  try {
    await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ keep: urls });
  } catch {
    // A private window, or a network that went away: the page works, it only cannot be opened without a network.
  }
}

/** Until the page has nothing better to do. */
function rest() {
  // Safari has no requestIdleCallback.
  return new Promise((resolve) =>
    window.requestIdleCallback ? window.requestIdleCallback(resolve, { timeout: REST_MS }) : setTimeout(resolve, REST_MS / 2),
  );
}

/** Between two pupils: a version that lies ready takes over, so that a tablet which is never closed gets it, too. */
export async function letNewVersionIn() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const waiting = registration?.waiting;
  if (!waiting) {
    return;
  }
  await new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS);
    // Not as soon as it controls the page, which it does while it is still clearing up: a page loaded then waits for that, and once for good.
    waiting.addEventListener("statechange", () => waiting.state === "activated" && resolve(undefined));
    waiting.postMessage("take-over");
  });
}
