/** The only module that fetches: the capture API with its bearer token, and problem documents as errors. */

import { isOwnProblem } from "./outbox_rules.js";

/** @typedef {import("./outbox_rules.js").Job} Job */

/** The longest that a tablet waits for one answer before it tries again. */
const TIMEOUT_MS = 20_000;

/** A refusal by the server (RFC 9457), or no answer at all (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code    stable, for programs
   * @param {string} detail  for people
   * @param {string} [pointer]  the place in the body
   */
  constructor(status, code, detail, pointer = "") {
    super(detail || code);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.pointer = pointer;
  }
}

/** @typedef {import("./outbox_rules.js").Answer & {retryAfter: string | null, date: string | null}} Answer */

/**
 * One request; throws ApiError with status 0 when nothing answers.
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Answer>}
 */
async function ask(url, init) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    // Ours never redirects; a guest network that does shall not get to see what a child has drawn.
    const response = await fetch(url, { credentials: "omit", redirect: "error", signal: stop.signal, ...init });
    const text = await response.text();
    return {
      status: response.status,
      body: parsed(text),
      type: response.headers.get("Content-Type"),
      receipt: response.headers.get("Trakk-Receipt"),
      retryAfter: response.headers.get("Retry-After"),
      date: response.headers.get("Date"),
    };
  } catch (error) {
    throw new ApiError(0, "no-answer", String(error));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {Answer} answer
 * @returns {ApiError}
 */
export function refusalOf(answer) {
  const problem = /** @type {{code?: unknown, detail?: unknown, pointer?: unknown} | null} */ (
    typeof answer.body === "object" ? answer.body : null
  );
  return new ApiError(answer.status, String(problem?.code ?? "unknown"), String(problem?.detail ?? ""), String(problem?.pointer ?? ""));
}

/**
 * What is neither our answer nor our refusal is no answer at all: somebody on the way has spoken.
 * @param {Answer} answer
 * @param {string} part  that our answer has
 * @returns {any}  the body of a good answer
 */
function good(answer, part) {
  const { status, body } = answer;
  if (status >= 200 && status < 300 && typeof body === "object" && body !== null && part in body) {
    return body;
  }
  throw isOwnProblem(answer) ? refusalOf(answer) : new ApiError(0, "no-answer", `${status} of somebody else`);
}

/**
 * The capture API under a root such as "/api/v1/".
 * @param {string} root
 */
export function createApi(root) {
  const json = { "Content-Type": "application/json", Accept: "application/json, application/problem+json" };
  const bearer = (/** @type {string} */ token) => ({ ...json, Authorization: `Bearer ${token}` });
  return {
    /**
     * Join a class by code or token, or begin to draw for children by a grant. The same response id again is the same join.
     * @param {import("./tablet.js").Session["entry"]} entry
     * @param {string} response
     * @returns {Promise<any>}
     */
    async join({ code, token, grant, children }, response) {
      const body = JSON.stringify({ code, token, grant, children, response });
      return good(await ask(`${root}join`, { method: "POST", headers: json, body }), "write_token");
    },

    /** @param {string} survey */
    bundleUrl(survey) {
      return `${root}surveys/${survey}/bundle`;
    },

    /**
     * Go on with finished answers; the answer is that of a join.
     * @param {string} code  the receipt's
     * @returns {Promise<any>}
     */
    async takeUp(code) {
      return good(await ask(`${root}receipt`, { method: "POST", headers: json, body: JSON.stringify({ code }) }), "write_token");
    },

    /**
     * @param {string} survey
     * @returns {Promise<any>}
     */
    async bundle(survey) {
      return good(await ask(this.bundleUrl(survey), { headers: json }), "categories");
    },

    /**
     * One's own marks and answers.
     * @param {string} response
     * @param {string} token
     * @returns {Promise<any>}
     */
    async mine(response, token) {
      return good(await ask(`${root}responses/${response}`, { headers: bearer(token), cache: "no-store" }), "marks");
    },

    /**
     * A sign of life for the teacher's board.
     * @param {string} response
     * @param {string} token
     * @param {{unsent: number, changes: number}} said
     * @returns {Promise<{paused: boolean, closed: boolean, reset: boolean}>}
     */
    async pulse(response, token, said) {
      return good(
        await ask(`${root}responses/${response}/pulse`, { method: "POST", headers: bearer(token), body: JSON.stringify(said) }),
        "paused",
      );
    },

    /**
     * Send one job of the outbox; its answer is judged by outbox_rules.
     * @param {Job} job
     * @param {{keepalive?: boolean}} [options]  keepalive outlives the page
     * @returns {Promise<Answer>}
     */
    send(job, { keepalive = false } = {}) {
      const query = job.method === "DELETE" ? `?rev=${job.rev}` : "";
      const url = `${root}responses/${job.response}/${job.resource}${query}`;
      return ask(url, { method: job.method, headers: bearer(job.token), body: job.body, keepalive });
    },
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */
