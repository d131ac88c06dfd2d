/** Points put one by one, before they are a mark: undo takes the last away, redo puts it back. Pure. */

/** @typedef {import("geojson").Position} Position  [lon, lat], degrees */

export class Points {
  /** @type {Position[]} */
  list = [];
  /** @type {Position[]} */
  #gone = [];

  /** @param {Position} position */
  put(position) {
    this.list = [...this.list, position];
    this.#gone = [];
  }

  /** @returns {boolean} whether there was one to take away */
  undo() {
    const last = this.list.at(-1);
    if (last) {
      this.list = this.list.slice(0, -1);
      this.#gone.push(last);
    }
    return last !== undefined;
  }

  /** @returns {boolean} whether there was one to put back */
  redo() {
    const next = this.#gone.pop();
    if (next) {
      this.list = [...this.list, next];
    }
    return next !== undefined;
  }

  get canUndo() {
    return this.list.length > 0;
  }

  get canRedo() {
    return this.#gone.length > 0;
  }

  clear() {
    this.list = [];
    this.#gone = [];
  }
}
