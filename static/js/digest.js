/**
 * SHA-256 in hex of a text's bytes; null on pages that are neither HTTPS nor this machine's own, where browsers do not offer it.
 * @param {string | null} text
 * @returns {Promise<string | null>}
 */
export async function sha256(text) {
  if (text === null || !globalThis.crypto?.subtle) {
    return null;
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
