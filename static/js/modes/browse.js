/** Looking round: the map moves under one finger, marks can be tapped; nothing is drawn. */

/**
 * @typedef {object} Mode  one is active at a time
 * @property {() => void} enter
 * @property {() => void} exit
 */

/**
 * Which mode is active; entering one leaves the other.
 * @returns {{to: (mode: Mode) => void}}
 */
export function modeSwitch() {
  /** @type {Mode | null} */
  let current = null;
  return {
    to(mode) {
      current?.exit();
      current = mode;
      mode.enter();
    },
  };
}

/**
 * @param {import("leaflet").Map} map
 * @returns {Mode}
 */
export function browseMode(map) {
  return {
    enter() {
      map.dragging.enable();
    },
    exit() {},
  };
}
