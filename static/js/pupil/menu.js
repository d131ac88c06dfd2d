/** The menu behind one's own animal: the list of what is on the map, the language, the next pupil. */

import { button, el, iconButton, picture, seatPicture } from "../dom.js";
import { download, rescueText } from "../rescue.js";
import { receiptBox } from "./finish.js";
import { helperWords } from "./helper.js";
import { languageButtons } from "./stage.js";

/**
 * @param {object} given
 * @param {import("./frame.js").Frame} given.frame
 * @param {import("../words.js").Words} given.words
 * @param {import("../work.js").Work} given.work
 * @param {(key: string) => void} given.onMark
 * @param {() => void} given.onNextPupil
 */
export function openMenu({ frame, words, work, onMark, onNextPupil }) {
  const t = words.t.bind(words);
  const stop = new AbortController();
  const dialog = el("dialog", { class: "menu", "aria-label": t("menu") });
  const close = () => dialog.close();
  const item = (/** @type {import("../state.js").Mark} */ mark) => {
    const category = work.categories.get(mark.category);
    const onclick = () => {
      close();
      onMark(mark.key);
    };
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "menu-mark", vars: { "--mark": category.colour }, onclick },
        el("span", { class: "sum-face" }, picture(category.icon)),
        el("span", {}, words.label(category)),
      ),
    );
  };
  const save = () => download(`trakk-${work.session.response.slice(0, 8)}.json`, rescueText(work.session, work.unsent));
  const rescue = () => [
    el("h3", {}, t("rescue.title")),
    el("p", { class: "menu-small" }, t("rescue.help")),
    button(t("rescue.save"), { icon: "download", class: "button--quiet", onclick: save }),
  ];
  // The next pupil's page is loaded anew, and what is only in memory would go with the old one.
  const leave = () => [
    el("h3", {}, t("menu.leave")),
    el("p", { class: "menu-small" }, t("menu.leave_help")),
    button(helperWords(words, work.session).next, { icon: "users", class: "button--quiet", onclick: onNextPupil }),
  ];
  const draw = () => {
    const marks = work.marks.map(item);
    // Whoever is stopped by the bell has it, too.
    const { receipt } = work.session.joined;
    const codes = words.languages.map((one) => one.code);
    dialog.replaceChildren(
      el(
        "div",
        { class: "menu-head" },
        seatPicture(frame.seat, "seat--big"),
        el("h2", {}, t("menu.you", { seat: words.of(frame.seat.words) ?? "" })),
        iconButton(t("close"), "x", { onclick: close }),
      ),
      el("h3", {}, t("menu.marks")),
      marks.length > 0 ? el("ul", { class: "menu-marks" }, ...marks) : el("p", {}, t("finish.nothing")),
      ...(codes.length > 1 ? [el("h3", {}, t("language.choose")), languageButtons(words, codes)] : []),
      ...(work.unsent.length > 0 ? rescue() : []),
      ...(receipt ? [receiptBox(t("receipt.label"), receipt, helperWords(words, work.session).receipt)] : []),
      ...(work.keeps || work.unsent.length === 0 ? leave() : []),
    );
  };
  words.addEventListener("change", draw, { signal: stop.signal });
  dialog.addEventListener("close", () => {
    stop.abort();
    dialog.remove();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  draw();
  frame.element.append(dialog);
  dialog.showModal();
}
