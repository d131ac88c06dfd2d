/** The full-screen stages before the map: the code, the seat, "is it you?", and what must be said when nothing else can. */

import { button, el, fill, icon, picture, seatPicture } from "../dom.js";
import { receiptBox } from "./finish.js";
import { forWhom } from "./helper.js";
import { readAloud } from "./speech.js";

/** @typedef {import("../words.js").Words} Words */

const CODE_LENGTH = 8;

export class Stage {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   */
  constructor(root, words) {
    this.words = words;
    this.card = el("div", { class: "stage-card" });
    this.element = el("section", { class: "stage" }, el("div", { class: "stage-sky", "aria-hidden": "true" }), this.card);
    root.append(this.element);
    /** @type {(() => void) | null} */
    this.redraw = null;
    words.addEventListener("change", () => this.redraw?.());
  }

  hide() {
    this.redraw = null;
    this.element.hidden = true;
  }

  /**
   * Draw a card, and again when the language changes.
   * @param {() => (Node | null)[]} nodes
   */
  #show(nodes) {
    this.element.hidden = false;
    this.redraw = () => fill(this.card, ...nodes());
    this.redraw();
    this.card.querySelector("h1")?.focus({ preventScroll: true });
  }

  /**
   * Ask for the code on the board.
   * @param {{languages: string[], onCode: (code: string) => Promise<string | null>}} options  onCode answers with the key of what went wrong
   */
  askCode({ languages, onCode }) {
    let typed = "";
    this.#show(() => {
      const { t } = this.#t();
      const sorry = el("p", { class: "stage-sorry", role: "alert" });
      const boxes = el("div", { class: "code-boxes", "aria-hidden": "true" });
      const input = el("input", {
        class: "code-input",
        id: "code",
        dir: "ltr",
        type: "text",
        inputmode: "text",
        autocomplete: "off",
        autocapitalize: "characters",
        spellcheck: "false",
        maxlength: CODE_LENGTH + 1,
        value: typed,
        "aria-describedby": "code-help",
        oninput: () => {
          typed = lettersOf(input.value);
          input.value = typed;
          drawBoxes(boxes, typed);
          sorry.textContent = "";
          if (typed.length === CODE_LENGTH) {
            send();
          }
        },
      });
      const go = button(t("join.go"), { icon: "arrow-right", class: "button--go button--big", onclick: () => send() });
      const send = async () => {
        go.disabled = true;
        const wrong = typed.length === CODE_LENGTH ? await onCode(typed) : "join.short";
        go.disabled = false;
        if (wrong) {
          sorry.textContent = t(wrong);
          boxes.classList.remove("is-wrong");
          requestAnimationFrame(() => boxes.classList.add("is-wrong"));
          input.focus();
          input.select();
        }
      };
      drawBoxes(boxes, typed);
      const label = this.#asked(`${t("join.ask")}. ${t("join.help")}`, el("label", { class: "stage-lead", for: "code" }, t("join.ask")));
      const field = el("div", { class: "code-field" }, boxes, input);
      const help = el("p", { class: "stage-small", id: "code-help" }, t("join.help"));
      return [this.#head("scenes-wave", t("join.hello")), label, field, sorry, go, help, this.#languages(languages)];
    });
    requestAnimationFrame(() => this.card.querySelector("input")?.focus({ preventScroll: true }));
  }

  /**
   * Show the seat that the pupil got.
   * @param {{seat: any, languages: string[], onStart: () => void}} options
   */
  welcome({ seat, languages, onStart }) {
    this.#show(() => {
      const { t } = this.#t();
      const hello = t("welcome.seat", { seat: this.words.of(seat.words) ?? "" });
      return [
        seatPicture(seat, "seat--huge"),
        this.#asked(`${hello} ${t("welcome.secret")} ${t("welcome.free")}`, el("h1", { tabindex: "-1" }, hello)),
        this.#promise("shield-check", t("welcome.secret")),
        this.#promise("hand", t("welcome.free")),
        button(t("welcome.start"), { icon: "play", class: "button--go button--big", onclick: onStart }),
        this.#languages(languages),
      ];
    });
  }

  /**
   * An adult is about to draw for children.
   * @param {{entry: import("./helper.js").Entry, languages: string[], onStart: (children: number) => void}} options
   */
  forWhom({ entry, languages, onStart }) {
    this.#show(() => [...forWhom(this.words, { entry, onStart }), this.#languages(languages)]);
  }

  /**
   * Somebody was here before the page was loaded again.
   * @param {{seat: any, way?: import("./helper.js").Way, languages: string[], onYes: () => void, onNo: () => void}} options
   */
  isItYou({ seat, way, languages, onYes, onNo }) {
    this.#show(() => {
      const { t } = this.#t();
      const ask = way ? t("for.ask") : t("back.ask", { seat: this.words.of(seat.words) ?? "" });
      const no = way ? t(way === "gruppe" ? "for.next_group" : "for.next_paper") : t("back.no");
      return [
        seatPicture(seat, "seat--huge"),
        this.#asked(ask, el("h1", { tabindex: "-1" }, ask)),
        button(t("back.yes"), { icon: "play", class: "button--go button--big", onclick: onYes }),
        button(no, { class: "button--plain", onclick: onNo }),
        this.#languages(languages),
      ];
    });
  }

  /**
   * What was said is only on the server, which does not answer; who has handed in gets the receipt, and may make room.
   * @param {{receipt: string | null, onAgain: () => void, onNext: () => void}} options
   */
  askLater({ receipt, onAgain, onNext }) {
    this.#show(() => {
      const { t } = this.#t();
      const title = t(receipt ? "finish.thanks" : "open.failed");
      return [
        this.#head("scenes-map", title),
        receipt ? receiptBox(t("receipt.label"), receipt, t("receipt.help")) : null,
        this.#asked(`${title}. ${t("join.offline")}`, el("p", { class: "stage-lead" }, t("join.offline"))),
        button(t("try.again"), { icon: "rotate-ccw", class: "button--go button--big", onclick: onAgain }),
        receipt ? button(t("finish.next_pupil"), { icon: "users", class: "button--plain", onclick: onNext }) : null,
        this.#languages(this.words.languages.map((one) => one.code)),
      ];
    });
  }

  /**
   * One sentence and one way on.
   * @param {{picture: string, title: string, text: string, action?: string, onAction?: () => void}} message  keys of words
   */
  tell({ picture: code, title, text, action, onAction }) {
    this.#show(() => {
      const { t } = this.#t();
      return [
        this.#head(code, t(title)),
        this.#asked(`${t(title)}. ${t(text)}`, el("p", { class: "stage-lead" }, t(text))),
        action ? button(t(action), { icon: "rotate-ccw", class: "button--go button--big", onclick: onAction }) : null,
        this.#languages(this.words.languages.map((one) => one.code)),
      ];
    });
  }

  wait() {
    this.#show(() => {
      const { t } = this.#t();
      return [el("div", { class: "stage-wait" }, picture("scenes-map")), el("p", { class: "stage-lead", role: "status" }, t("wait"))];
    });
  }

  /**
   * Words with a button beside them that reads them aloud.
   * @param {string} text
   * @param {HTMLElement} words
   */
  #asked(text, words) {
    return el("div", { class: "stage-asked" }, words, readAloud(this.words, text));
  }

  #t() {
    return { t: this.words.t.bind(this.words) };
  }

  /**
   * @param {string} code
   * @param {string} title
   */
  #head(code, title) {
    return el("div", { class: "stage-head" }, picture(code), el("h1", { tabindex: "-1" }, title));
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  #promise(name, text) {
    return el("p", { class: "stage-promise" }, icon(name), el("span", {}, text));
  }

  /** @param {string[]} codes */
  #languages(codes) {
    return codes.length > 1 ? languageButtons(this.words, codes) : null;
  }
}

/**
 * A button for every language, each in its own name.
 * @param {Words} words
 * @param {string[]} codes
 * @returns {HTMLElement}
 */
export function languageButtons(words, codes) {
  const buttons = codes.map((code) =>
    el(
      "button",
      { type: "button", class: "language", lang: code, "aria-pressed": String(code === words.language), onclick: () => words.choose(code) },
      words.texts[code]?.["language.name"] ?? code,
    ),
  );
  return el("div", { class: "languages", role: "group", "aria-label": words.t("language.choose") }, ...buttons);
}

/**
 * @param {string} text
 * @returns {string} what can be part of a code
 */
function lettersOf(text) {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .slice(0, CODE_LENGTH);
}

/**
 * @param {HTMLElement} boxes
 * @param {string} typed
 */
function drawBoxes(boxes, typed) {
  const nodes = Array.from({ length: CODE_LENGTH }, (_, i) => {
    const state = i === Math.min(typed.length, CODE_LENGTH - 1) ? "is-next" : "";
    return el("span", { class: `code-box ${i === 4 ? "code-box--second" : ""} ${typed[i] ? "is-typed" : state}` }, typed[i] ?? "");
  });
  fill(boxes, ...nodes);
}
