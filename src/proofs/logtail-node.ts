import { setImmediate as turn } from "node:timers/promises";
import { type Client, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Logtail {
  info(message: string): Promise<unknown>;
  flush(): Promise<void>;
}

interface Module {
  Logtail: new (token: string, options: object) => Logtail;
}

/** The client sends whenever this many wait. */
const BATCH = 10;

const client: Client = {
  // MessagePack documents.
  idsIn: ({ body }) => Array.from(body.matchAll(/<(value-\d+)>/g), ([, line = ""]) => line),
  start(load, endpoint) {
    const { Logtail } = load.require("@logtail/node") as Module;
    const logtail = new Logtail("proof", { endpoint, batchSize: BATCH, batchInterval: 300 });
    return {
      record: (line) => void logtail.info(`<${line}>`),
      async flush() {
        // A line is in the batch a few turns after it was logged.
        await turn();
        return logtail.flush();
      },
    };
  },
};

/** Proves that `flush()` of @logtail/node waits for the lines that are on their way. */
export const proof: Proof = {
  module: "@logtail/node",
  scenarios: [flushDuringSend(client, { records: BATCH }), secondFlush(client, { records: BATCH - 1 })],
};
