import { setImmediate as turn } from "node:timers/promises";
import { type Client, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Module {
  ElasticsearchTransport: new (options: object) => { flush(): Promise<void> };
}

interface Winston {
  createLogger(options: { transports: object[] }): { info(message: string): void };
}

const client: Client = {
  answer: JSON.stringify({ errors: false, items: [] }),
  headers: { "x-elastic-product": "Elasticsearch" },
  // Pairs of an action and a document.
  idsIn: ({ path, body }) =>
    path.startsWith("/_bulk")
      ? body.split("\n").flatMap((line) => /"message":"(value-\d+)"/.exec(line)?.[1] ?? [])
      : [],
  async start(load, node) {
    const { ElasticsearchTransport } = load.require("winston-elasticsearch") as Module;
    const options = { clientOpts: { node }, flushInterval: 60_000, ensureIndexTemplate: false };
    const transport = new ElasticsearchTransport(options);
    const logger = (load.require("winston") as Winston).createLogger({ transports: [transport] });
    return {
      record: (message) => logger.info(message),
      async flush() {
        // A line is in the buffer a few turns after it was logged.
        await turn();
        await transport.flush();
      },
    };
  },
};

/** Proves that `flush()` of winston-elasticsearch waits for the lines that are being written. */
export const proof: Proof = {
  module: "winston-elasticsearch",
  beside: ["winston"],
  scenarios: [
    secondFlush(client),
    // The client writes the first line at once.
    flushDuringSend(client, { records: 1, name: "await flush() while the first line is written" }),
  ],
};
