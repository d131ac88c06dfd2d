import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

// IndexedDB as the wrapper in static/vendor asks for it; each test says what comes of opening it.
class IDBRequest extends EventTarget {
  /** @type {unknown} */
  result = null;
  /** @type {unknown} */
  error = null;

  /** @param {unknown} result */
  succeed(result) {
    this.result = result;
    this.dispatchEvent(new Event("success"));
  }
}
class IDBStore {
  /** @param {(key: unknown) => IDBRequest} get */
  constructor(get) {
    this.get = get;
  }
}
class IDBTransaction extends EventTarget {
  /** @param {IDBStore} store */
  constructor(store) {
    super();
    this.store = store;
  }
  objectStore() {
    return this.store;
  }
  commit() {}
}
class IDBDatabase extends EventTarget {
  isClosed = false;
  /** What a transaction comes to; the default is that it works. */
  transaction() {
    const request = new IDBRequest();
    const made = new IDBTransaction(new IDBStore(() => request));
    setImmediate(() => {
      request.succeed({ response: "ada" });
      made.dispatchEvent(new Event("complete"));
    });
    return made;
  }
  close() {
    this.isClosed = true;
  }
}
class Nothing {}
Object.assign(globalThis, {
  IDBRequest,
  IDBTransaction,
  IDBDatabase,
  IDBObjectStore: IDBStore,
  IDBIndex: Nothing,
  IDBCursor: Nothing,
});

const { newSession, Tablet } = await import("../../static/js/tablet.js");

/** @type {IDBRequest[]} */
let opened = [];

beforeEach(() => {
  opened = [];
  const open = () => {
    opened.push(new IDBRequest());
    return opened.at(-1);
  };
  Object.assign(globalThis, { indexedDB: { open } });
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

async function settle() {
  for (let n = 0; n < 5; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * @param {number} ms
 * @param {Promise<unknown>} asked
 * @returns {Promise<boolean>}  whether it has come to an end after so long
 */
async function isOverAfter(ms, asked) {
  let isOver = false;
  asked.then(() => {
    isOver = true;
  });
  await settle();
  mock.timers.tick(ms);
  await settle();
  return isOver;
}

test("a store that answers is waited for", async () => {
  const tablet = new Tablet();
  const opening = tablet.open();
  opened[0].succeed(new IDBDatabase());
  await opening;
  assert.equal(tablet.keeps, true);
  assert.deepEqual(await tablet.session(), { response: "ada" });
});

test("a store that cannot be opened because nobody answers keeps nobody waiting", async () => {
  const tablet = new Tablet();
  const opening = tablet.open();
  assert.equal(await isOverAfter(9_900, opening), false, "a slow tablet gets its time");
  assert.equal(await isOverAfter(200, opening), true);
  assert.equal(tablet.keeps, false);
  const session = tablet.session();
  assert.equal(await isOverAfter(250, session), true, "and nobody waits so long again");
  assert.equal(await session, null);
  assert.equal(opened.length, 1, "nor asks again while the first is unanswered");
});

test("a store that opens late is taken into use", async () => {
  const tablet = new Tablet();
  const opening = tablet.open();
  await isOverAfter(11_000, opening);
  opened[0].succeed(new IDBDatabase());
  await settle();
  assert.equal(tablet.keeps, true);
  assert.deepEqual(await tablet.session(), { response: "ada" });
  assert.equal(opened.length, 1);
});

test("a store that hangs in use is left for another connection, and the next who asks does not wait for it", async () => {
  const tablet = new Tablet();
  const opening = tablet.open();
  const hanging = new IDBDatabase();
  hanging.transaction = () => new IDBTransaction(new IDBStore(() => new IDBRequest()));
  opened[0].succeed(hanging);
  await opening;
  const session = tablet.session();
  assert.equal(await isOverAfter(10_100, session), true);
  assert.equal(await session, null);
  assert.equal(tablet.keeps, false);
  assert.equal(hanging.isClosed, true, "so that it stands in nobody's way");
  const again = tablet.session();
  await settle();
  opened[1].succeed(new IDBDatabase());
  assert.deepEqual(await again, { response: "ada" });
  assert.equal(tablet.keeps, true);
});

test("of a pupil who has left, nothing that the page still says is kept, but for what waits to be sent", async () => {
  const tablet = new Tablet();
  const opening = tablet.open();
  const db = new IDBDatabase();
  /** @type {[string, string][]} */
  const put = [];
  db.transaction = (/** @type {string[]} */ ...[name]) => {
    const request = new IDBRequest();
    const store = new IDBStore(() => request);
    const noting = Object.assign(store, {
      put: (/** @type {any} */ value) => {
        put.push([name, value.response]);
        return request;
      },
      delete: () => request,
      clear: () => request,
    });
    const made = new IDBTransaction(noting);
    setImmediate(() => {
      request.succeed("kept");
      made.dispatchEvent(new Event("complete"));
    });
    return made;
  };
  opened[0].succeed(db);
  await opening;
  const ada = newSession({ entry: {}, language: "nb", response: "ada", token: "t" });
  const said = { response: "ada", resource: "marks/a", method: /** @type {const} */ ("PUT"), rev: 1, body: "{}" };
  const job = { ...said, token: "t", sha256: null, tries: 0, attempted: false, held: false, refused: null };
  const draft = { response: "ada", category: "fint", key: "a", isNew: true, line: [], stroke: [] };
  const leaving = tablet.forgetPupil("ada");
  const late = [tablet.saveSession(ada), tablet.putCopy(said), tablet.replaceCopies([said]), tablet.saveDraft(draft), tablet.putJob(job)];
  await leaving;
  await Promise.all(late);
  await tablet.saveSession(newSession({ entry: {}, language: "nb" }));
  assert.deepEqual(put, [
    ["jobs", "ada"],
    ["session", ""],
  ]);
});
