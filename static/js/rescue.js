/** The last resort: what a tablet cannot deliver, as a file for the teacher, who uploads it on the lesson's page. Pure but for `download`. */

/** @typedef {import("./outbox_rules.js").Job} Job */

/**
 * The exact texts that the tablet would have sent, and the right to send them: the server takes them in as if they came by themselves.
 * @param {import("./tablet.js").Session} session
 * @param {readonly Job[]} jobs  of this response
 * @returns {string}
 */
export function rescueText(session, jobs) {
  const sent = jobs.map(({ resource, method, rev, body }) => ({ resource, method, rev, body }));
  return JSON.stringify({ trakk: 1, survey: session.joined.survey, response: session.response, token: session.token, jobs: sent });
}

/**
 * @param {string} name
 * @param {string} text
 */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
