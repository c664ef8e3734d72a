import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROCESS = fileURLToPath(new URL("./server-process.mjs", import.meta.url));

/**
 * @typedef {object} Server
 * @property {string} url without a slash at the end
 * @property {() => Promise<number>} open requests that have arrived and are not answered
 * @property {() => Promise<{ accepted: boolean, body: string }[]>} take the requests answered since the last time, decompressed
 */

/**
 * Starts a server on the loopback interface, for as long as this process lives.
 * @param {{ latencyMs: number, answer?: string, status?: number, refused?: number }} options milliseconds until the answer,
 *   its text and status, and how many of the first requests are answered with 503 instead
 * @returns {Promise<Server>}
 */
export async function startServer({ latencyMs, answer = "{}", status = 200, refused = 0 }) {
  const child = fork(PROCESS, [JSON.stringify({ latencyMs, answer, status, refused })], { execArgv: [] });
  const [{ url }] = await once(child, "message");
  const ask = async (/** @type {string} */ question) => {
    child.send(question);
    return (await once(child, "message"))[0];
  };
  return { url, open: () => ask("open"), take: () => ask("take") };
}
