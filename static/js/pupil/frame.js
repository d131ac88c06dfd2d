/** The screen round the map: steps and save state above, the animal with its question below, a sheet that slides over it. */

import { button, el, fill, icon, picture, seatPicture } from "../dom.js";
import { readAloud } from "./speech.js";

/** @typedef {import("../words.js").Words} Words */
/** @typedef {{code: string, picture: string, label: string, done: boolean}} StepView */

/**
 * Replace what an element holds. Whoever had the focus in it has it afterwards on the button of the same words, or on the element.
 * @param {HTMLElement} element
 * @param {...(Node | null)} nodes
 */
function refill(element, ...nodes) {
  const before = document.activeElement;
  const name = before instanceof HTMLElement && element.contains(before) ? nameOf(before) : null;
  fill(element, ...nodes);
  if (name !== null) {
    const same = [...element.querySelectorAll("button")].find((one) => nameOf(one) === name);
    (same ?? element).focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} element */
function nameOf(element) {
  return element.getAttribute("aria-label") ?? element.textContent;
}

const SAVE_ICONS = { safe: "circle-check", saving: "cloud-upload", tablet: "tablet", memory: "triangle-alert" };

export class Frame {
  /**
   * @param {HTMLElement} root
   * @param {Words} words
   * @param {any} seat
   * @param {{onUndo: () => void, onRedo: () => void, onStep: (index: number) => void, onMenu: () => void, whom: () => string}} actions   whom: somebody else who is drawn for, or ""
   */
  constructor(root, words, seat, actions) {
    this.words = words;
    this.actions = actions;
    this.seat = seat;
    this.map = el("div", { class: "map", id: "map", dir: "ltr" });
    this.steps = el("ol", { class: "steps" });
    this.save = el("p", { class: "save", role: "status" });
    this.whom = el("p", { class: "whom", hidden: true });
    this.tools = el("div", { class: "tools" });
    this.banner = el("p", { class: "banner", role: "status", hidden: true });
    this.bubble = el("div", { class: "bubble" });
    this.body = el("div", { class: "dock-body", tabindex: "-1" });
    this.undo = el("div", { class: "undo" });
    this.next = el("div", { class: "dock-next", tabindex: "-1" });
    this.toast = el("p", { class: "toast", role: "status", hidden: true });
    this.sheet = el("section", { class: "sheet", role: "dialog", hidden: true });
    this.dock = el(
      "section",
      { class: "dock" },
      el("div", { class: "dock-say" }, seatPicture(seat, "seat--talks"), this.bubble),
      el("div", { class: "dock-row" }, this.body, this.next),
    );
    this.menu = el("div", { class: "menu-button" });
    this.top = el("header", { class: "top" }, el("div", { class: "top-start" }, this.menu, this.save, this.whom), this.#nav(), this.banner);
    this.element = el("div", { class: "work" }, this.map, this.top, this.tools, this.toast, this.undo, this.dock, this.sheet);
    root.append(this.element);
    this.bannerText = "";
    this.saveState = "safe";
    this.canUndo = false;
    this.canRedo = false;
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(this.dock);
    observer.observe(this.sheet);
  }

  #nav() {
    this.nav = el("nav", { class: "steps-nav" }, this.steps);
    return this.nav;
  }

  /** The page's style sheet places what floats above the dock. */
  #measure() {
    const cover = this.sheet.hidden ? this.dock : this.sheet;
    this.element.style.setProperty("--cover", `${cover.offsetHeight}px`);
  }

  /** The words that do not change with the step. */
  drawFixed() {
    const t = this.words.t.bind(this.words);
    this.nav?.setAttribute("aria-label", t("steps"));
    this.map.setAttribute("aria-label", t("map"));
    fill(
      this.menu,
      el(
        "button",
        { type: "button", class: "me", "aria-label": t("menu.open"), onclick: this.actions.onMenu },
        seatPicture(this.seat),
        icon("menu"),
      ),
    );
    const whom = this.actions.whom();
    this.whom.hidden = whom === "";
    fill(this.whom, icon("hand"), el("span", {}, whom));
    this.showUndo(this.canUndo, this.canRedo);
    this.showSave(this.saveState, true);
  }

  /**
   * @param {StepView[]} steps
   * @param {number} current
   */
  showSteps(steps, current) {
    const nodes = steps.map((step, i) => {
      const state = i === current ? "is-current" : step.done ? "is-done" : "";
      const label = step.done ? `${step.label} – ${this.words.t("step.done")}` : step.label;
      const content = [
        picture(step.picture),
        el("span", { class: "step-label" }, step.label),
        step.done ? el("span", { class: "step-tick" }, icon("check")) : null,
      ];
      const props = {
        type: "button",
        class: "step-button",
        "aria-label": label,
        "aria-current": i === current ? "step" : null,
        onclick: () => this.actions.onStep(i),
      };
      return el("li", { class: `step ${state}` }, el("button", props, ...content));
    });
    fill(this.steps, ...nodes);
    // On a phone the strip is wider than the screen: the current step stays in sight, and only the strip moves.
    const active = this.steps.querySelector(".is-current");
    if (active instanceof HTMLElement) {
      this.steps.scrollTo({ left: active.offsetLeft - (this.steps.clientWidth - active.offsetWidth) / 2 });
    }
  }

  /**
   * What the animal says.
   * @param {string} text
   * @param {string} [part]  of the survey that says it, "themes.way"
   */
  say(text, part) {
    fill(this.bubble, el("p", { class: "bubble-text", role: "status" }, text), readAloud(this.words, text, part));
  }

  /** @param {...(Node | null)} nodes */
  showBody(...nodes) {
    refill(this.body, ...nodes);
  }

  /**
   * The big button at the end of the dock.
   * @param {{label: string, icon?: string, onclick: () => void, isCalling?: boolean, isQuiet?: boolean} | null} next
   */
  showNext(next) {
    const look = next?.isQuiet ? "button--quiet" : next?.isCalling ? "button--go is-calling" : "button--go";
    refill(
      this.next,
      next ? button(next.label, { icon: next.icon ?? "arrow-right", class: `${look} button--next`, onclick: next.onclick }) : null,
    );
  }

  /**
   * @param {boolean} canUndo
   * @param {boolean} canRedo
   */
  showUndo(canUndo, canRedo) {
    this.canUndo = canUndo;
    this.canRedo = canRedo;
    const [undo, redo] = [this.words.t("undo"), this.words.t("redo")];
    if (this.undo.textContent !== `${undo}${redo}`) {
      fill(
        this.undo,
        button(undo, { icon: "undo-2", class: "button--quiet", onclick: this.actions.onUndo }),
        button(redo, { icon: "redo-2", class: "button--quiet", onclick: this.actions.onRedo }),
      );
    }
    const [back, on] = this.undo.querySelectorAll("button");
    // One that goes away under the focus hands it to the other.
    if (document.activeElement === back && !canUndo) {
      on.disabled = !canRedo;
      on.focus();
    } else if (document.activeElement === on && !canRedo) {
      back.disabled = !canUndo;
      back.focus();
    }
    back.disabled = !canUndo;
    on.disabled = !canRedo;
  }

  /**
   * The honest sentence about saving.
   * @param {import("../outbox_rules.js").SaveState | string} state
   * @param {boolean} [force]
   */
  showSave(state, force = false) {
    if (state === this.saveState && !force) {
      return;
    }
    this.saveState = state;
    this.save.dataset.state = state;
    const name = SAVE_ICONS[/** @type {keyof typeof SAVE_ICONS} */ (state)] ?? "cloud";
    fill(this.save, icon(name), el("span", {}, this.words.t(`save.${state}`)));
  }

  /**
   * @param {string} text  empty hides it
   * @param {boolean} [isWarning]  the tablet may lose something
   */
  showBanner(text, isWarning = false) {
    if (this.bannerText === text) {
      return;
    }
    this.bannerText = text;
    this.banner.hidden = text === "";
    this.banner.classList.toggle("banner--warning", isWarning);
    fill(this.banner, text === "" ? null : icon(isWarning ? "triangle-alert" : "wifi-off"), text);
  }

  /**
   * A short word that goes away by itself.
   * @param {string} text
   */
  hint(text) {
    clearTimeout(this.hintTimer);
    this.toast.hidden = false;
    this.toast.textContent = text;
    this.hintTimer = setTimeout(() => {
      this.toast.hidden = true;
    }, 4500);
  }

  /**
   * Slide a sheet over the dock.
   * @param {string} label
   * @param {...(Node | null)} nodes
   */
  openSheet(label, ...nodes) {
    this.sheet.setAttribute("aria-label", label);
    fill(this.sheet, ...nodes);
    this.sheet.scrollTop = 0;
    if (this.sheet.hidden) {
      this.sheet.hidden = false;
      this.element.classList.add("has-sheet");
    }
    const first = this.sheet.querySelector("h2");
    first?.focus({ preventScroll: true });
  }

  closeSheet() {
    const hadFocus = this.sheet.contains(document.activeElement);
    this.sheet.hidden = true;
    this.element.classList.remove("has-sheet");
    fill(this.sheet);
    if (hadFocus) {
      this.body.focus({ preventScroll: true });
    }
  }

  /**
   * The part of the map that nothing covers, in pixels of the map.
   * @returns {{top: number, bottom: number, width: number}}
   */
  freePart() {
    const whole = this.map.getBoundingClientRect();
    const top = this.top.getBoundingClientRect().bottom - whole.top;
    const cover = this.sheet.hidden ? this.dock : this.sheet;
    const bottom = whole.height - cover.offsetHeight;
    return bottom - top > 80 ? { top, bottom, width: whole.width } : { top: 0, bottom: (whole.height * 2) / 3, width: whole.width };
  }

  /**
   * The middle of that part.
   * @returns {{x: number, y: number}}
   */
  freeCentre() {
    const { top, bottom, width } = this.freePart();
    return { x: width / 2, y: (top + bottom) / 2 };
  }

  /**
   * Whether a pin at this pixel of the map can be seen whole.
   * @param {{x: number, y: number}} at
   * @returns {boolean}
   */
  isFree({ x, y }) {
    const { top, bottom, width } = this.freePart();
    return x > 30 && x < width - 30 && y > top + 64 && y < bottom - 16;
  }
}
