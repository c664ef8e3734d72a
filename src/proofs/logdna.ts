import { promisify } from "node:util";
import { type Client, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Module {
  createLogger(key: string, options: object): { log(line: string): void };
  flushAll(done: (error?: Error | null) => void): void;
}

const client: Client = {
  idsIn: ({ body }) => (JSON.parse(body) as { ls: { line: string }[] }).ls.map(({ line }) => line),
  start(load, logdna_url) {
    const { createLogger, flushAll } = load.require("logdna") as Module;
    const logger = createLogger("0123456789abcdef0123456789abcdef", { logdna_url, flushInterval: 60_000 });
    return { record: (line) => logger.log(line), flush: promisify(flushAll) };
  },
};

/** Proves that `flushAll(callback)` of logdna calls back when the lines before have arrived. */
export const proof: Proof = {
  module: "logdna",
  scenarios: [secondFlush(client, { name: "second flushAll(callback) during a flush" })],
};
