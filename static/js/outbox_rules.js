/** The rules of sending: what replaces what, when to try again, what an answer means, what "safe" is. No DOM, no clock, no network. */

/**
 * @typedef {object} Job
 * @property {string} response   whose work it is
 * @property {string} resource   "marks/<id>", "answers" or "finish": the newest rev of one resource wins
 * @property {"PUT" | "DELETE" | "POST"} method
 * @property {number} rev
 * @property {string | null} body      the exact text to send
 * @property {string | null} sha256    of the body's bytes; null where the browser cannot compute it
 * @property {string} token            writes this response, and nothing else
 * @property {number} tries            failed so far
 * @property {boolean} attempted       something of this resource may have reached the server
 * @property {boolean} held            kept on the tablet, and sent when it is released: somebody is still typing
 * @property {{code: string, detail: string, status: number, pointer?: string} | null} refused
 */
/** @typedef {{id: string, rev: number, sha256: string}} Receipt */
/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} body          parsed JSON, null when there was none
 * @property {string | null} type    the Content-Type
 * @property {string | null} receipt the Trakk-Receipt header: what a deletion, which has no body, is receipted with
 */
/** @typedef {"safe" | "retry" | "refused" | "conflict" | "gone"} Verdict */
/** @typedef {"safe" | "saving" | "tablet" | "memory"} SaveState */

export const LONGEST_WAIT_MS = 60_000;
export const SHORTEST_WAIT_MS = 1_000;
/** Whoever asks for a longer rest than a lesson has does not know what waits. */
export const LONGEST_ASKED_MS = 3_600_000;
const STEPS_ASIDE_AFTER = 4;
/** What fits into one keepalive request at the end of a page, with room for its headers. */
const KEEPALIVE_BYTES = 60_000;
const HEADERS_BYTES = 500;

/**
 * Whether two jobs are of the same: the newer one takes the older one's place.
 * @param {Pick<Job, "response" | "resource">} a
 * @param {Pick<Job, "response" | "resource">} b
 */
export function sameResource(a, b) {
  return a.response === b.response && a.resource === b.resource;
}

/** @param {Pick<Job, "response" | "resource">} job */
export function nameOf(job) {
  return `${job.response}/${job.resource}`;
}

/**
 * Put a job into the queue. Newest rev wins; the removal of something that never left the tablet takes both away.
 * @param {readonly Job[]} queue
 * @param {Job} job
 * @returns {Job[]}
 */
export function enqueue(queue, job) {
  const same = queue.find((other) => sameResource(other, job));
  if (same && same.rev > job.rev) {
    return [...queue];
  }
  const others = queue.filter((other) => other !== same);
  if (same && job.method === "DELETE" && !same.attempted) {
    return others;
  }
  // A replaced job keeps its place in the queue, so that an eager typist does not keep the others waiting.
  // Where none waits, an earlier revision has been delivered.
  const merged = { ...job, attempted: job.attempted || (same ? same.attempted : job.rev > 1) };
  return same ? queue.map((other) => (other === same ? merged : other)) : [...queue, merged];
}

/**
 * The same mark under another id, as if it were drawn now.
 * @param {Job} job
 * @param {string} id
 * @returns {Job}
 */
export function asNewMark(job, id) {
  const body = JSON.stringify({ ...JSON.parse(job.body ?? "{}"), rev: 1 });
  return { ...job, resource: `marks/${id}`, rev: 1, body, tries: 0, attempted: false, refused: null };
}

/**
 * What can be sent in the background by a page that goes away.
 * @param {readonly Job[]} queue
 * @returns {Job[]}
 */
export function lastWords(queue) {
  let room = KEEPALIVE_BYTES;
  return queue.filter((job) => {
    room -= (job.body?.length ?? 0) + HEADERS_BYTES;
    return room > 0 && job.refused === null;
  });
}

/**
 * How long to wait before the next try: full jitter under a doubling roof. What the server asks for is the least, and those that it has
 * asked at once come back spread over half as long again.
 * @param {number} tries   failed so far, at least 1
 * @param {() => number} random
 * @param {number | null} retryAfterMs  what the server asked for
 * @returns {number} milliseconds
 */
export function waitMs(tries, random, retryAfterMs) {
  const roof = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** tries);
  if (retryAfterMs === null) {
    return SHORTEST_WAIT_MS + random() * (roof - SHORTEST_WAIT_MS);
  }
  const asked = Math.min(retryAfterMs, LONGEST_ASKED_MS);
  return Math.max(SHORTEST_WAIT_MS, asked) + random() * Math.max(roof - SHORTEST_WAIT_MS, Math.min(asked / 2, LONGEST_WAIT_MS));
}

/**
 * A Retry-After header in milliseconds. A date is read against the server's own clock, never the tablet's.
 * @param {string | null} header
 * @param {string | null} serverDate  the Date header
 * @returns {number | null}
 */
export function retryAfterMs(header, serverDate) {
  if (!header) {
    return null;
  }
  if (/^\d+$/.test(header)) {
    return Number(header) * 1000;
  }
  const span = Date.parse(header) - Date.parse(serverDate ?? "");
  return Number.isNaN(span) ? null : Math.max(0, span);
}

/**
 * What an answer means. Only our own receipt makes anything safe, and only our own refusal refuses: a captive portal says 200, 204 and
 * 404, too.
 * @param {Job} job
 * @param {Answer} answer
 * @returns {Verdict}
 */
export function verdict(job, answer) {
  if (isOwnProblem(answer)) {
    return refusalMeans(job, answer);
  }
  const said = job.method === "DELETE" ? answer.receipt === `${idOf(job)} ${job.rev}` : isReceiptFor(job, answer.body);
  return said && answer.status >= 200 && answer.status < 300 ? "safe" : "retry";
}

/**
 * Whether our server, and nobody on the way, has turned a request down.
 * @param {Pick<Answer, "status" | "body" | "type">} answer
 * @returns {boolean}
 */
export function isOwnProblem({ status, body, type }) {
  const problem = /** @type {{type?: unknown, status?: unknown, code?: unknown} | null} */ (typeof body === "object" ? body : null);
  return (
    status >= 400 &&
    (type ?? "").startsWith("application/problem+json") &&
    problem?.status === status &&
    typeof problem.code === "string" &&
    problem.type === `urn:trakk:problem:${problem.code}`
  );
}

/**
 * @param {Job} job
 * @param {Answer} problem  our own
 * @returns {Verdict}
 */
function refusalMeans(job, { status, body }) {
  if (status >= 500 || [407, 408, 421, 425, 429].includes(status)) {
    return "retry";
  }
  if (job.method === "DELETE" && (status === 404 || status === 410)) {
    return "safe"; // it is not there, which is what was wanted
  }
  if (status === 409) {
    return /** @type {{code: string}} */ (body).code === "mark-of-another" ? "refused" : "conflict";
  }
  return status === 410 && job.resource.startsWith("marks/") ? "gone" : "refused";
}

/** @param {Job} job */
function idOf(job) {
  return job.resource.startsWith("marks/") ? job.resource.slice("marks/".length) : job.response;
}

/**
 * The receipt of this very revision, or of a newer one: what the tablet said later has arrived, and this came after it.
 * @param {Job} job
 * @param {unknown} answer
 * @returns {boolean}
 */
export function isReceiptFor(job, answer) {
  if (typeof answer !== "object" || answer === null) {
    return false;
  }
  if (job.resource === "finish") {
    const finished = /** @type {{response?: unknown, receipt?: unknown}} */ (answer);
    return finished.response === job.response && typeof finished.receipt === "string";
  }
  const receipt = /** @type {Partial<Receipt>} */ (answer);
  if (receipt.id !== idOf(job) || typeof receipt.rev !== "number" || typeof receipt.sha256 !== "string") {
    return false;
  }
  return receipt.rev > job.rev || (receipt.rev === job.rev && (job.sha256 === null || receipt.sha256 === job.sha256));
}

/**
 * The job to send next: the first that is neither refused nor held. One that never gets through steps aside, so that it does not keep the
 * others waiting; not at once, since the order may matter (one goes, so that there is room for another).
 * @param {readonly Job[]} queue
 * @returns {Job | undefined}
 */
export function nextJob(queue) {
  const rank = (/** @type {Job} */ job) => (job.tries < STEPS_ASIDE_AFTER ? 0 : job.tries);
  const ready = queue.filter((job) => job.refused === null && !job.held);
  return ready.reduce((/** @type {Job | undefined} */ best, job) => (best && rank(best) <= rank(job) ? best : job), undefined);
}

/**
 * The one honest sentence about a response's work.
 * @param {readonly Job[]} queue    what has no receipt yet
 * @param {string} response
 * @param {{keepsOnTablet: boolean, isKeeping: boolean, online: boolean}} tablet  isKeeping: something is being written just now
 * @returns {SaveState}
 */
export function saveState(queue, response, { keepsOnTablet, isKeeping, online }) {
  const waiting = queue.filter((job) => job.response === response);
  if (waiting.length === 0) {
    return "safe";
  }
  const failing = !online || waiting.some((job) => job.tries > 0 || job.refused !== null);
  if (!failing) {
    return "saving";
  }
  return keepsOnTablet ? (isKeeping ? "saving" : "tablet") : "memory";
}
