import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import {
  type Client,
  flushDuringRetry,
  flushDuringSend,
  flushInSameTick,
  secondFlush,
} from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface LangSmith {
  createRun(run: object): Promise<void>;
  flush(): Promise<void>;
}

interface Module {
  Client: new (options: object) => LangSmith;
}

interface Batch {
  post: { name: string }[];
}

/** What the server says of itself: batches as JSON, of this many runs. */
const answer = JSON.stringify({ batch_ingest_config: { use_multipart_endpoint: false, size_limit: 10 } });

function clientOf(copy: string, load: Client["start"]): Client {
  return {
    answer,
    copy,
    idsIn: ({ path, body }) => (path === "/runs/batch" ? (JSON.parse(body) as Batch).post.map(({ name }) => name) : []),
    start: load,
  };
}

function driven({ Client }: Module, apiUrl: string) {
  const client = new Client({ apiUrl, apiKey: "proof" });
  return {
    record(name: string) {
      const id = randomUUID();
      const run = { id, trace_id: id, dotted_order: `20260101T000000000000Z${id}` };
      void client.createRun({ name, run_type: "chain", inputs: {}, ...run });
    },
    async flush() {
      // A run is in the queue a few turns after it was created.
      await turn();
      return client.flush();
    },
  };
}

const copies = [
  clientOf("CommonJS", (load, url) => driven(load.require("langsmith") as Module, url)),
  clientOf("ES module", async (load, url) => driven((await load.import("langsmith")) as Module, url)),
];

/** Proves that `flush()` of langsmith waits for the batches that are on their way, its own timer's among them. */
export const proof: Proof = {
  module: "langsmith",
  scenarios: copies.flatMap((client) => [
    secondFlush(client),
    flushDuringSend(client, { records: 11 }),
    flushInSameTick(client, { records: 11 }),
    flushDuringRetry(client),
  ]),
};
