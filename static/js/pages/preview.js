/** A survey as a pupil sees it, for who makes it: the same page and the same words, but nothing is sent and nothing kept. */

import { assets, button, el, fill, icon } from "../dom.js";
import { DryOutbox, DryTablet } from "../dry.js";
import { layTable } from "../pupil/table.js";
import { newSession } from "../tablet.js";
import { Words } from "../words.js";
import { Work } from "../work.js";

const root = /** @type {HTMLElement} */ (document.getElementById("pupil"));
const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");
Object.assign(assets, { pictures: root.dataset.pictures, icons: root.dataset.icons, seats: page.seats });

const { bundle, joined } = page;
const words = new Words(bundle.texts, document.documentElement.lang, bundle.languages);
words.adopt(bundle, bundle.default_language);
const session = newSession({ entry: {}, language: words.language, response: "preview", token: "preview", joined });
const restored = { marks: [], answers: {}, ledger: {} };
const work = new Work({
  bundle,
  session,
  outbox: /** @type {any} */ (new DryOutbox()),
  tablet: /** @type {any} */ (new DryTablet()),
  restored,
});

/** @param {import("../pupil/frame.js").Frame} frame */
function sayThatNothingIsKept(frame) {
  frame.save.remove();
  frame.banner.hidden = false;
  const back = button(page.back_label, { icon: "arrow-left", class: "button--quiet", onclick: () => location.assign(page.back) });
  fill(frame.banner, icon("eye"), el("span", { lang: "nb" }, page.banner), back);
}

layTable({
  root,
  words,
  bundle,
  session,
  work,
  draft: null,
  showSaving: sayThatNothingIsKept,
  remember: (more) => Object.assign(session, more),
  onNextPupil: () => location.reload(),
});
