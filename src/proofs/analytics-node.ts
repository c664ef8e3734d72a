import { type Client, flushDuringRetry, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Analytics {
  track(event: { userId: string; event: string }): void;
  flush(): Promise<unknown>;
}

type Constructor = new (writeKey: string, options: { host: string; flushInterval: number }) => Analytics;

interface Body {
  batch: { event: string }[];
}

/** The client sends the first event by itself, and whenever this many wait. */
const FLUSH_AT = 20;

const client: Client = {
  idsIn: ({ body }) => (JSON.parse(body) as Body).batch.map(({ event }) => event),
  start(load, host) {
    const Analytics = load.require("analytics-node") as Constructor;
    const analytics = new Analytics("proof", { host, flushInterval: 60_000 });
    return {
      record: (event) => analytics.track({ userId: "proof", event }),
      flush: () => analytics.flush(),
    };
  },
};

/** Proves that `flush()` of analytics-node waits for the batches that are on their way. */
export const proof: Proof = {
  module: "analytics-node",
  scenarios: [flushDuringSend(client, { records: 1 + FLUSH_AT }), secondFlush(client), flushDuringRetry(client)],
};
