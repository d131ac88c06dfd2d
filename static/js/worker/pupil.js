/**
 * The service worker of the pupils' page: keeps the page with all its files, and the bundle and map of one survey, for when there is no
 * network. A classic script, since not every tablet's browser takes a module here. It never touches what is sent, nor any answer.
 * Before this text the server writes `self.SHELL = {version, page, files}`, made anew for every version (mapping/shell.py).
 */

/** @type {{version: string, page: string, files: string[]}} */
const SHELL = /** @type {any} */ (self).SHELL;
const worker = /** @type {any} */ (self);

/** Files under hashed names: the same name is the same file, so versions share them. */
const FILES = "trakk-files";
/** The page of this version; beside it may lie the page of the version before, until nobody has that open. */
const PAGE = `trakk-page-${SHELL.version}`;
/** The bundle and the map of the survey that was opened last. */
const SURVEY = "trakk-survey";

const IS_BUNDLE = /^\/api\/v1\/surveys\/[^/]+\/bundle$/;
const AT_ONCE = 6;
/** A network that has not answered by then is as good as none, when the tablet has a copy. */
const PATIENCE_MS = 4_000;

const known = new Set(SHELL.files);

/**
 * Whether an answer is what was asked for: the start page of a guest network is not.
 * @param {Response} response
 * @param {boolean} [isPage]
 */
function isGood(response, isPage = false) {
  const isHtml = (response.headers.get("Content-Type") ?? "").startsWith("text/html");
  return response.status === 200 && !response.redirected && isHtml === isPage;
}

/** Fetch what is not kept already, a few at a time; what the page has loaded comes out of the browser's own cache. */
async function install() {
  const files = await caches.open(FILES);
  const waiting = [...SHELL.files];
  const fetchSome = async () => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      if (!(await files.match(url))) {
        const response = await fetch(url);
        if (!isGood(response)) {
          throw new Error(`${url}: ${response.status}`);
        }
        await files.put(url, response);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
  const page = await fetch(SHELL.page, { cache: "no-cache", credentials: "omit" });
  // The site may have become another between the fetching of this script and now: then the next script will do.
  if (!isGood(page, true) || !(page.headers.get("ETag") ?? "").includes(SHELL.version)) {
    throw new Error("the page is of another version");
  }
  await (await caches.open(PAGE)).put(SHELL.page, page);
}

/** Nobody has the version before open any more: its page and the files that only it used go. */
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("trakk-page-") && name !== PAGE) {
      await caches.delete(name);
    }
  }
  const files = await caches.open(FILES);
  for (const request of await files.keys()) {
    if (!known.has(new URL(request.url).pathname)) {
      await files.delete(request);
    }
  }
  await worker.clients.claim();
}

/**
 * What is kept, or else the network.
 * @param {string} cacheName
 * @param {string} url
 * @param {Request} request
 */
async function keptOrFetched(cacheName, url, request) {
  const kept = await (await caches.open(cacheName)).match(url, { ignoreVary: true });
  return kept ?? fetch(request);
}

/**
 * The survey as the server has it now; as the tablet has it, when the server cannot be asked.
 * @param {Request} request
 */
async function bundle(request) {
  const survey = await caches.open(SURVEY);
  const kept = await survey.match(request.url, { ignoreVary: true });
  const asked = fetch(request).then(async (response) => {
    if (isGood(response)) {
      await survey.put(request.url, response.clone());
      return response;
    }
    // No such survey any more is an answer; a fault or a guest network's page is none, whatever its status.
    const isOurs = (response.headers.get("Content-Type") ?? "").startsWith("application/problem+json");
    if (response.status >= 400 && response.status < 500 && isOurs) {
      return response;
    }
    throw new Error(String(response.status));
  });
  if (!kept) {
    return asked;
  }
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([asked.catch(() => kept), late]);
}

/**
 * The byte range of the kept map that was asked for.
 * @param {Request} request
 */
async function map(request) {
  const kept = await (await caches.open(SURVEY)).match(request.url, { ignoreVary: true });
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!kept || !range) {
    return kept ?? fetch(request);
  }
  const whole = await kept.blob();
  const first = Number(range[1]);
  const last = Math.min(range[2] === "" ? whole.size - 1 : Number(range[2]), whole.size - 1);
  if (first > last) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  }
  const headers = {
    "Content-Type": kept.headers.get("Content-Type") ?? "application/octet-stream",
    "Content-Length": String(last - first + 1),
    "Content-Range": `bytes ${first}-${last}/${whole.size}`,
    ETag: kept.headers.get("ETag") ?? "",
  };
  return new Response(whole.slice(first, last + 1), { status: 206, headers });
}

/**
 * Keep these addresses of a survey, and of no other.
 * @param {string[]} urls
 */
async function keepSurvey(urls) {
  const survey = await caches.open(SURVEY);
  const wanted = urls.map((url) => new URL(url, worker.location.href).href);
  for (const request of await survey.keys()) {
    if (!wanted.includes(request.url)) {
      await survey.delete(request);
    }
  }
  for (const url of wanted) {
    if (!(await survey.match(url, { ignoreVary: true }))) {
      const response = await fetch(url, { credentials: "omit" });
      if (isGood(response)) {
        await survey.put(url, response);
      }
    }
  }
}

/**
 * What is sent shall not even pass by here: a request that waits for this worker to say that it does not want it is lost when its page
 * goes away meanwhile, keepalive or not. Browsers that cannot be told so go on asking.
 * @param {any} event
 */
async function letSendingPass(event) {
  try {
    await event.addRoutes?.(["PUT", "POST", "DELETE"].map((requestMethod) => ({ condition: { requestMethod }, source: "network" })));
  } catch {
    // A browser with an older idea of routes: it asks, too.
  }
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(Promise.all([letSendingPass(event), install()])));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));

worker.addEventListener("message", (/** @type {any} */ event) => {
  if (Array.isArray(event.data?.keep)) {
    event.waitUntil(keepSurvey(event.data.keep).catch(() => undefined));
  } else if (event.data === "take-over") {
    // Said between two pupils only: a child who draws keeps the version it began with.
    worker.skipWaiting();
  }
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) {
    return;
  }
  if (request.mode === "navigate" && pathname === SHELL.page) {
    event.respondWith(keptOrFetched(PAGE, SHELL.page, request));
  } else if (known.has(pathname)) {
    event.respondWith(keptOrFetched(FILES, pathname, request));
  } else if (IS_BUNDLE.test(pathname)) {
    event.respondWith(bundle(request));
  } else if (pathname.endsWith(".pmtiles")) {
    event.respondWith(map(request));
  }
});
