import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROCESS = fileURLToPath(new URL("./server-process.mjs", import.meta.url));

/**
 * @typedef {object} Server
 * @property {string} url without a slash at the end
 * @property {() => Promise<number>} open requests that have arrived and are not answered
 * @property {() => Promise<{ accepted: boolean, body: string }[]>} take the requests answered since the last time, decompressed
 * @property {() => void} close
 */

/**
 * @typedef {object} ServerOptions
 * @property {number} latencyMs milliseconds until the answer
 * @property {string} [answer] its text
 * @property {number} [status]
 * @property {number} [refused] how many of the first requests are answered otherwise
 * @property {number} [refusal] with this status
 * @property {string} [of] only those that have this in their body
 * @property {number} [keepAliveMs] milliseconds until a connection is closed that has no request
 */

/**
 * Starts a server on the loopback interface, for as long as this process lives or until it is closed.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const child = fork(PROCESS, [JSON.stringify(options)], { execArgv: [] });
  const [{ url }] = await once(child, "message");
  const ask = async (/** @type {string} */ question) => {
    child.send(question);
    return (await once(child, "message"))[0];
  };
  return { url, open: () => ask("open"), take: () => ask("take"), close: () => child.disconnect() };
}
