/** Asks a server on loopback for 20 routes in turn, ten requests at a time, whenever its parent says so. */
import { once } from "node:events";
import { Agent, get } from "node:http";

const [port, requests] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 10 });

/** @param {number} n */
async function ask(n) {
  const [response] = await once(get({ port, agent, path: `/route/${n % 20}` }), "response");
  response.resume();
  await once(response, "end");
}

process.on("message", () => void load());

async function load() {
  let n = 0;
  const line = async () => {
    while (n < Number(requests)) await ask(n++);
  };
  await Promise.all(Array.from({ length: 10 }, line));
  process.send?.("done");
}
process.on("disconnect", () => process.exit());
