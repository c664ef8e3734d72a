import { promisify } from "node:util";
import { type Client, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Logger {
  send(context: { message: string }): void;
  flush(done: (error?: Error | null) => void): void;
}

interface Module {
  Logger: new (config: object) => Logger;
}

const client: Client = {
  answer: JSON.stringify({ text: "Success", code: 0 }),
  idsIn: ({ body }) => body.match(/value-\d+/g) ?? [],
  start(load, url) {
    const { Logger } = load.require("splunk-logging") as Module;
    const logger = new Logger({ token: "proof", url, maxBatchCount: 0 });
    return {
      record: (message) => logger.send({ message }),
      flush: promisify((done: (error?: Error | null) => void) => logger.flush(done)),
    };
  },
};

/** Proves that `flush(callback)` of splunk-logging calls back when the events before it have arrived. */
export const proof: Proof = {
  module: "splunk-logging",
  scenarios: [secondFlush(client, { name: "second flush(callback) during a flush" })],
};
