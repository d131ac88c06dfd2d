/** The pupil's page: who sits here, what the survey asks, and the map to answer on. Wires the modules and keeps out of their work. */

import { ApiError, createApi } from "../api.js";
import { assets } from "../dom.js";
import { keepForOffline, letNewVersionIn } from "../installed.js";
import { Outbox } from "../outbox.js";
import { entryIn, isSameEntry } from "../pupil/helper.js";
import { Pulse } from "../pupil/pulse.js";
import { Stage } from "../pupil/stage.js";
import { layTable } from "../pupil/table.js";
import { newId } from "../random.js";
import { restore } from "../resume.js";
import { newSession, Tablet } from "../tablet.js";
import { Words } from "../words.js";
import { Work } from "../work.js";

/** @typedef {import("../tablet.js").Session} Session */

const root = /** @type {HTMLElement} */ (document.getElementById("pupil"));
const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");
Object.assign(assets, { pictures: root.dataset.pictures, icons: root.dataset.icons, seats: page.seats });

const words = new Words(page.texts ?? {}, document.documentElement.lang, page.languages);
/** What may be chosen before the survey is known. */
const languages = words.languages.map((one) => one.code);
const stage = new Stage(root, words);
const api = createApi(page.api);
const tablet = new Tablet();
const outbox = new Outbox(api, tablet);
/** Whose name is held by the page that writes. */
const WRITER = "trakk-writer";
/** As long as a tablet may take to write what was just drawn. */
const LETS_GO_MS = 3_000;
const pulse = new Pulse({ api, tablet, outbox, words, onReset: nextPupil });

/**
 * Only one page of this browser may write: the second asks whether it shall take over. The first lets go when all that it knows lies on
 * the tablet; one that sleeps, or takes too long, is not waited for.
 * @param {() => Promise<void>} begin
 */
async function asOnlyWriter(begin) {
  if (!navigator.locks) {
    await begin();
    return;
  }
  const others = new BroadcastChannel(WRITER);
  let isMine = false;
  const hold = async (/** @type {Lock | null} */ lock) => {
    if (lock === null) {
      stage.tell({ picture: "scenes-map", title: "two.title", text: "two.text", action: "two.here", onAction: takeOver });
      return;
    }
    isMine = true;
    await begin();
    // The lock is held for as long as the page lives, or until another wants to go on.
    await new Promise((letGo) => {
      others.onmessage = () => lose().then(letGo);
    });
  };
  const lose = async () => {
    stage.tell({
      picture: "scenes-wave",
      title: "two.moved",
      text: "two.moved_text",
      action: "two.here",
      onAction: () => location.reload(),
    });
    root.querySelector(".work")?.remove();
    await outbox.handOver();
  };
  const takeOver = () => {
    others.postMessage("I go on");
    const patience = new AbortController();
    setTimeout(() => patience.abort(), LETS_GO_MS);
    const steal = () => navigator.locks.request(WRITER, { steal: true }, hold);
    const waited = navigator.locks.request(WRITER, { signal: patience.signal }, hold);
    waited.catch((error) => (isMine ? Promise.reject(error) : steal())).catch(lose);
  };
  await navigator.locks.request(WRITER, { ifAvailable: true }, hold).catch(lose);
}

/**
 * Safari freezes a page that is gone away from, and takes its lock: come back to, it would say that somebody goes on elsewhere. It begins
 * anew instead, unless it has something that only its memory holds.
 */
function beginAnewWhenThawed() {
  window.addEventListener("pageshow", (event) => event.persisted && outbox.keeps && location.reload());
}

/** From whatever the tablet remembers to the first screen. */
async function begin() {
  await tablet.open();
  await outbox.start(new AbortController().signal);
  pulse.start();
  const session = await tablet.session();
  const entry = entryIn(location.hash.slice(1)) ?? session?.entry ?? {};
  if (session?.token) {
    words.choose(session.language ?? words.language);
    const onNo = () => nextPupil(session);
    stage.isItYou({ seat: session.joined.seat, way: session.entry.way, languages, onYes: () => open(session), onNo });
  } else if (entry.grant) {
    const children = session?.entry.children;
    stage.forWhom({ entry: { ...entry, children }, languages, onStart: (n) => enter({ ...entry, children: n }, session, true) });
  } else if (entry.token || entry.code) {
    await enter(entry, session, true);
  } else {
    askCode(session);
  }
}

/** @param {Session | null} session */
function askCode(session) {
  stage.askCode({ languages, onCode: (code) => enter({ code }, session) });
}

/**
 * Join a class. The response's id is kept before anything is sent, so that a join whose answer got lost is not two pupils.
 * @param {Session["entry"]} entry
 * @param {Session | null} before
 * @param {boolean} [byItself]  nobody is typing: what goes wrong gets a stage of its own
 * @returns {Promise<string | null>}  the key of what went wrong
 */
async function enter(entry, before, byItself = false) {
  const same = before !== null && before.response !== "" && isSameEntry(before.entry, entry);
  const session = newSession({ entry, language: words.language, response: same ? before.response : newId() });
  if (!same) {
    await tablet.forgetPupil(before?.response ?? "");
  }
  await tablet.saveSession(session);
  if (byItself) {
    stage.wait();
  }
  try {
    const joined = await api.join(entry, session.response);
    Object.assign(session, { joined, response: joined.response, token: joined.write_token });
    // Who draws for others has found the school before.
    session.warmedUp = entry.grant !== undefined;
    await tablet.saveSession(session);
    if (entry.grant) {
      await open(session);
      return null;
    }
    const chosen = words.language;
    words.adopt(await api.bundle(joined.survey), chosen);
    stage.welcome({ seat: joined.seat, languages: words.languages.map((one) => one.code), onStart: () => open(session) });
    return null;
  } catch (error) {
    const why = wrongWith(error);
    if (why === "join.wrong") {
      await tablet.clearSession();
    }
    if (byItself) {
      const again = why === "join.offline" || why === "join.wait";
      const onAction = again ? () => enter(entry, session, true) : () => askCode(null);
      stage.tell({
        picture: "scenes-key",
        title: "join.closed_title",
        text: again ? why : entry.grant ? "for.over" : "join.closed",
        action: again ? "try.again" : entry.grant ? undefined : "join.type",
        onAction,
      });
    }
    return why;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function wrongWith(error) {
  const status = error instanceof ApiError ? error.status : -1;
  return status === 0 || status >= 500 ? "join.offline" : status === 429 ? "join.wait" : "join.wrong";
}

/**
 * Open the map for a pupil who has joined, with what is there already.
 * @param {Session} session
 */
async function open(session) {
  stage.wait();
  try {
    const bundle = await api.bundle(session.joined.survey);
    words.adopt(bundle, words.language);
    const mine = await api.mine(session.response, session.token ?? "").catch((error) => {
      // The right to read ends with the time to deliver; what is unsent then is still to become a file for the teacher.
      if (error.status === 0 || error.status >= 500 || outbox.jobsOf(session.response).length > 0) {
        return null;
      }
      throw error;
    });
    const categories = new Map(bundle.categories.map((/** @type {any} */ category) => [category.code, category]));
    const copies = await tablet.copiesOf(session.response);
    const restored = restore({ mine, copies, jobs: outbox.jobsOf(session.response), session, categories });
    if (!restored.isWhole) {
      stage.askLater({ receipt: session.receipt, onAgain: () => open(session), onNext: () => nextPupil(session) });
      return;
    }
    session.answersRev = restored.answersRev;
    stage.hide();
    const work = new Work({ bundle, session, outbox, tablet, restored });
    if (!session.receipt) {
      work.keepCopies();
    }
    const draft = await tablet.draft();
    try {
      show(bundle, session, work, draft);
    } finally {
      // Not before it is kept as a mark, and even then when it cannot be one: else it would be in the way for ever. Points that wait
      // for the next are written anew.
      if (!work.drafts.holds) {
        await tablet.dropDraft();
      }
    }
    const maps = bundle.basemaps.filter((/** @type {any} */ one) => one.keep).map((/** @type {any} */ one) => one.url);
    keepForOffline(page.worker, [api.bundleUrl(session.joined.survey), ...maps]);
  } catch (error) {
    if (error instanceof ApiError && error.status > 0 && error.status < 500) {
      await tablet.forgetPupil(session.response);
      stage.tell({
        picture: "scenes-key",
        title: "join.closed_title",
        text: "join.closed",
        action: "join.type",
        onAction: () => askCode(null),
      });
    } else {
      stage.tell({ picture: "scenes-map", title: "open.failed", text: "join.offline", action: "try.again", onAction: () => open(session) });
    }
  }
}

/**
 * @param {any} bundle
 * @param {Session} session
 * @param {Work} work
 * @param {import("../tablet.js").Draft | null} draft  the stroke that a reload cut off
 */
function show(bundle, session, work, draft) {
  const showSaving = (/** @type {import("../pupil/frame.js").Frame} */ frame) => {
    frame.showSave(work.saveState);
    frame.showBanner(!work.keeps ? words.t("memory.warning") : work.online ? "" : words.t("offline"), !work.keeps);
  };
  pulse.watch(session, work);
  const onNextPupil = () => nextPupil(session);
  layTable({ root, words, bundle, session, work, draft, showSaving, onNextPupil, remember: (more) => remember(session, more) });
}

/**
 * @param {Session} session
 * @param {Partial<Session>} more
 */
function remember(session, more) {
  Object.assign(session, more);
  tablet.saveSession(session);
}

/**
 * The tablet forgets this pupil; what is not delivered yet goes on being sent, unseen.
 * @param {Session} session
 */
async function nextPupil({ response, entry }) {
  // Nothing more is drawn here: it would be the last one's.
  stage.wait();
  await tablet.forgetPupil(response);
  await tablet.saveSession(newSession({ entry, language: words.language }));
  await letNewVersionIn();
  location.reload();
}

beginAnewWhenThawed();
asOnlyWriter(begin);
