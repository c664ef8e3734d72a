// Runs a client's scenario, and tells what came of it and where the agent is at work in Node.
const { createHash } = require("node:crypto");
const { hasSubscribers } = require("node:diagnostics_channel");

const WRAPPED = ["http", "https", "http2", "net", "dns", "fs", "child_process", "crypto", "zlib"];

const CHANNELS = ["request.start", "request.created", "response.finish", "request.error"].flatMap((event) => [
  `http.client.${event}`,
  `http.server.${event}`,
]);

/** The functions of Node's modules by their sources: what an agent has wrapped has another; and the channels that it listens to. */
function wrapped() {
  const hash = createHash("sha1");
  const add = (holder) => {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (typeof value === "function") hash.update(`${name} ${Function.prototype.toString.call(value)}\n`);
    }
  };
  for (const name of WRAPPED) {
    const module = require(name);
    add(module);
    for (const value of Object.values(module)) if (value?.prototype) add(value.prototype);
  }
  for (const channel of CHANNELS) if (hasSubscribers(channel)) hash.update(`${channel}\n`);
  return hash.digest("hex");
}

exports.run = async (load, names) => {
  const { proof } = await import("../../../dist/src/proofs/flagsmith-nodejs.js");
  const counted = [];
  for (const { name, run } of proof.scenarios) if (names.test(name)) counted.push(await run(load));
  process.stdout.write(`\n${JSON.stringify({ counted, wrapped: wrapped() })}\n`, () => process.exit(0));
};
