/** Building and talking to the page: elements by hand (text goes in by textContent), pictures, announcements. */

/** Where the two sprites and the seats' pictures, by animal, lie; hashed names, so the page tells. */
export const assets = { pictures: "", icons: "", seats: /** @type {Record<string, string>} */ ({}) };

/**
 * An element. `on…` functions become listeners, `vars` CSS custom properties, true and false set or leave out an attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name === "vars") {
      setVars(element, /** @type {Record<string, string>} */ (value));
    } else if (typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  fill(element, ...children);
  return element;
}

/**
 * @param {unknown} child
 * @returns {Node | string}
 */
function toNode(child) {
  return child instanceof Node ? child : String(child);
}

/**
 * Custom properties through the CSSOM: style attributes are refused by the Content-Security-Policy.
 * @param {HTMLElement | SVGElement} element
 * @param {Record<string, string>} vars
 */
export function setVars(element, vars) {
  for (const [name, value] of Object.entries(vars)) {
    element.style.setProperty(name, value);
  }
}

/** Icons that point on or back, and so the other way where one reads from the right. */
const TURNING = new Set(["arrow-left", "arrow-right", "redo-2", "send", "undo-2"]);

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} href
 * @param {string} className
 * @returns {SVGSVGElement}
 */
function use(href, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const reference = document.createElementNS(SVG, "use");
  reference.setAttribute("href", href);
  svg.append(reference);
  return svg;
}

/**
 * A colourful picture: a category, mode, "themes-way", "faces-3", "scenes-party".
 * @param {string} code
 * @returns {SVGSVGElement}
 */
export function picture(code) {
  return use(`${assets.pictures}#${code}`, "picture");
}

/**
 * A line icon in the colour of the text.
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  return use(`${assets.icons}#${name}`, TURNING.has(name) ? "icon icon--turning" : "icon");
}

/**
 * The animal of a seat on its colour.
 * @param {{animal: string, colour: string}} seat
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function seatPicture(seat, className = "") {
  const image = el("img", { src: assets.seats[seat.animal] ?? "", alt: "", width: 64, height: 64, draggable: "false" });
  return el("span", { class: `seat ${className}`, vars: { "--seat": seat.colour } }, image);
}

/**
 * A button: an icon before its words.
 * @param {string} label
 * @param {{icon?: string, class?: string, onclick?: (event: MouseEvent) => void, [name: string]: unknown}} [props]
 * @returns {HTMLButtonElement}
 */
export function button(label, { icon: name, ...props } = {}) {
  return el("button", { type: "button", ...props, class: `button ${props.class ?? ""}` }, name ? icon(name) : null, el("span", {}, label));
}

/**
 * A button of which only the icon is seen; its words are read aloud and shown as a tip.
 * @param {string} label
 * @param {string} name
 * @param {Record<string, unknown>} [props]
 * @returns {HTMLButtonElement}
 */
export function iconButton(label, name, props = {}) {
  return el(
    "button",
    { type: "button", "aria-label": label, title: label, ...props, class: `icon-button ${props.class ?? ""}` },
    icon(name),
  );
}

/**
 * Replace what an element holds.
 * @param {Element} element
 * @param {...(Node | string | null | undefined | false)} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false).map(toNode));
}

/**
 * Say something to screen readers without moving the focus.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region) {
    region.textContent = "";
    requestAnimationFrame(() => {
      region.textContent = text;
    });
  }
}

/**
 * @returns {boolean} whether somebody asked for less motion
 */
export function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
