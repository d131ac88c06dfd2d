/**
 * Children's ways on tablets without a screen: the page's own modules from the finished stroke to the network, driven by dice. Reads who
 * lives where and walks how as JSON on stdin; prints what each child drew, where that began, and what else could leave the tablet.
 */

import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const later = globalThis.setTimeout;
/** Pauses in typing, between two tries and between two signs of life are made short; Node's own timers pass something on. */
globalThis.setTimeout = (run, ms = 0, ...rest) => later(run, rest.length > 0 || ms === 20_000 ? ms : ms / asked.faster, ...rest);
globalThis.window = new EventTarget();
globalThis.document = Object.assign(new EventTarget(), { hidden: false });
setMaxListeners(0, window, document);
globalThis.navigator ??= { onLine: true };

const { createApi } = await import("../../static/js/api.js");
const { Outbox } = await import("../../static/js/outbox.js");
const { Pulse } = await import("../../static/js/pupil/pulse.js");
const { rescueText } = await import("../../static/js/rescue.js");
const { restore } = await import("../../static/js/resume.js");
const { isRoute, smooth, snapToSchool } = await import("../../static/js/routes.js");
const { moveHandle, shapeOf } = await import("../../static/js/shape.js");
const { newSession } = await import("../../static/js/tablet.js");
const { planeAt } = await import("../../static/js/units.js");
const { Work } = await import("../../static/js/work.js");
const { dice } = await import("../js/places.js");

const random = dice(asked.seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const pause = (ms) => new Promise((resolve) => later(resolve, ms));
const categories = new Map(asked.bundle.categories.map((category) => [category.code, category]));

/** Storage as in tablet.js, but in memory: what lies on a tablet leaves it by no other way than these modules. */
class Memory {
  keeps = true;
  kept = new Map();
  copies = new Map();
  jobs = async () => [...this.kept.values()];
  putJob = async (job) => {
    this.kept.set(job.resource, job);
    return true;
  };
  deleteJob = async (job) => this.kept.delete(job.resource);
  putJobsNow = () => undefined;
  saveSession = async (session) => {
    this.session = structuredClone(session);
  };
  putCopy = async (copy) => (copy.method === "DELETE" ? this.copies.delete(copy.resource) : this.copies.set(copy.resource, copy));
  replaceCopies = async (copies) => {
    this.copies = new Map(copies.map((copy) => [copy.resource, copy]));
  };
  saveDraft = async () => undefined;
  dropDraft = async () => undefined;
}

class Child {
  constructor({ response, school, ways }) {
    Object.assign(this, { response, school, ways, memory: new Memory(), homes: [], drawn: [], rescued: [] });
    const session = newSession({ entry: { token: "t" }, language: "nb", response, token: response });
    this.memory.session = { ...session, joined: { survey: "s", school } };
  }

  /** The page is opened; what an earlier one kept is there again. */
  async open() {
    this.page?.abort();
    this.page = new AbortController();
    const api = createApi(asked.root);
    const session = structuredClone(this.memory.session);
    this.outbox = new Outbox(api, this.memory);
    await this.outbox.start(this.page.signal);
    const copies = [...this.memory.copies.values()];
    const restored = restore({ mine: null, copies, jobs: this.outbox.jobsOf(this.response), session, categories });
    session.answersRev = restored.answersRev;
    this.work = new Work({ bundle: asked.bundle, session, outbox: this.outbox, tablet: this.memory, restored });
    this.work.listen(this.page.signal);
    const words = Object.assign(new EventTarget(), { t: (key) => key });
    const pulse = new Pulse({ api, tablet: this.memory, outbox: this.outbox, words, onReset: () => undefined });
    await pulse.start();
    pulse.watch(session, this.work);
  }

  /** Everything is on its way and nothing is left. */
  async rest() {
    for (let tries = 0; this.outbox.jobsOf(this.response).length > 0 && tries < 2000; tries += 1) {
      await pause(3);
    }
  }

  /**
   * Draw a way in strokes, or by taps, as draw_route.js puts them together.
   * @param {string} key
   * @param {any} way
   */
  draw(key, way) {
    const line = pick(way.lines);
    this.homes.push({ at: line[0], key });
    const towards = random() < 0.7 ? line : line.slice().reverse();
    const pieces = pick([1, 1, 2, 3, 8]);
    const size = Math.ceil(towards.length / pieces);
    for (let from = 0; from < towards.length; from += size) {
      const stroke = pieces === 8 ? [towards[Math.min(from + size, towards.length) - 1]] : towards.slice(from, from + size);
      const before = from > 0 ? (this.work.mark(key)?.drawn ?? [towards[0]]) : pieces === 8 ? [towards[0]] : [];
      const joined = [...before, ...stroke];
      if (isRoute(joined)) {
        const goesOn = from > 0 && this.work.mark(key) !== undefined && this.lastKey === key;
        this.work.drawRoute(
          categories.get(way.category),
          key,
          smooth(this.toSchool(joined, way), asked.bundle.limits.max_vertices - 10),
          { goesOn },
        );
        this.lastKey = key;
      }
    }
    this.lastKey = null;
    this.note(key, way, false);
  }

  /** As draw_route.js does: the finger was lifted at the last position. */
  toSchool(line, way) {
    return categories.get(way.category).to_school ? snapToSchool(line, this.school, "end").line : line;
  }

  note(key, way, isReshaped, end = null) {
    const mark = this.work.mark(key);
    this.drawn.push({ key, way: this.ways.indexOf(way), isReshaped, end, line: mark?.drawn ?? null, sent: mark?.geometry ?? null });
  }

  /**
   * Move a handle of a way: one in its middle, its home end a little, or its home end so far out that the way now passes the home.
   * @param {string} key
   * @param {any} way
   */
  reshape(key, way) {
    const { drawn } = this.work.mark(key) ?? {};
    if (!drawn) {
      return;
    }
    const plane = planeAt(drawn[0]);
    const shape = shapeOf(drawn, false, (position) => plane.toXY(position).map((metres) => metres / 2), 44);
    const home = this.homes.findLast((one) => one.key === key).at;
    const [toStart, toEnd] = [drawn[0], drawn.at(-1)].map((end) => Math.hypot(...planeAt(home).toXY(end)));
    const homeHandle = toStart < toEnd ? 0 : shape.at.length - 1;
    const how = pick(["middle", "near", "far"]);
    const handle = how === "middle" ? Math.floor(shape.at.length / 2) : homeHandle;
    const from = drawn[shape.at[handle]];
    const turn = random() * 2 * Math.PI;
    const metres = how === "far" ? 300 : 15 + random() * 30;
    const to = planeAt(from).toPosition([metres * Math.cos(turn), metres * Math.sin(turn)]);
    this.work.drawRoute(categories.get(way.category), key, moveHandle(shape, handle, to).line, { verb: "shape" });
    this.note(key, way, true, handle === homeHandle ? to : null);
  }

  /** Words, letter by letter, and how one travels. */
  tell(key) {
    for (const comment of ["M", "Mø", "Mørk"]) {
      this.work.change(key, { comment }, { merge: `comment:${key}` });
    }
    this.work.change(key, { mode: "ga" });
  }

  /** Steps back and on again. */
  regret() {
    const steps = 1 + Math.floor(random() * 4);
    for (let n = 0; n < steps; n += 1) {
      this.work.undo();
    }
    for (let n = 0; n < steps; n += 1) {
      this.work.redo();
    }
  }

  async live() {
    await this.open();
    for (const way of this.ways) {
      let key = crypto.randomUUID();
      this.draw(key, way);
      const deeds = Math.floor(random() * 6);
      for (let n = 0; n < deeds; n += 1) {
        key = await this.act(pick(["tell", "reshape", "regret", "again", "anew", "reload", "leave"]), key, way);
        if (random() < 0.3) {
          await this.rest();
        }
      }
    }
    this.rescued.push(rescueText(this.memory.session, await this.memory.jobs()));
    this.work.finish();
    await this.rest();
  }

  async act(what, key, way) {
    const isThere = this.work.mark(key) !== undefined;
    if (what === "tell" && isThere) {
      this.tell(key);
    } else if (what === "reshape" && isThere) {
      this.reshape(key, way);
    } else if (what === "regret") {
      this.regret();
    } else if (what === "again" && isThere) {
      this.draw(key, way);
    } else if (what === "anew") {
      this.work.remove(key);
      const other = crypto.randomUUID();
      this.draw(other, way);
      return other;
    } else if (what === "reload") {
      this.work.flush();
      await pause(1);
      await this.open();
    } else if (what === "leave") {
      window.dispatchEvent(new Event("pagehide"));
    }
    return key;
  }

  told() {
    const ledger = this.memory.session.ledger;
    const { response, homes, drawn, rescued } = this;
    const ids = Object.fromEntries(Object.entries(ledger).map(([key, entry]) => [key, entry.id]));
    return { response, homes, drawn, rescued, ids, zones: Object.values(ledger).flatMap((entry) => entry.zones) };
  }
}

const AT_ONCE = 25;
const told = [];
for (let from = 0; from < asked.children.length; from += AT_ONCE) {
  const some = asked.children.slice(from, from + AT_ONCE).map((child) => new Child(child));
  await Promise.all(some.map((child) => child.live()));
  told.push(...some.map((child) => child.told()));
  for (const child of some) {
    child.page.abort();
  }
}
process.stdout.write(JSON.stringify(told), () => process.exit(0));
