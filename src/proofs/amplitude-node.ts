import { type Client, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Amplitude {
  logEvent(event: { event_type: string; user_id: string }): Promise<unknown>;
  flush(): Promise<unknown>;
}

interface Module {
  init(key: string, options: object): Amplitude;
}

interface Body {
  events: { event_type: string }[];
}

/** The client sends whenever this many wait. */
const BATCH = 10;

const client: Client = {
  answer: JSON.stringify({ code: 200 }),
  idsIn: ({ body }) => (JSON.parse(body) as Body).events.map((event) => event.event_type),
  start(load, serverUrl) {
    const { init } = load.require("@amplitude/node") as Module;
    const amplitude = init("proof", { serverUrl, maxCachedEvents: BATCH, uploadIntervalInSec: 60 });
    return {
      record: (name) => void amplitude.logEvent({ event_type: name, user_id: "proof" }),
      flush: () => amplitude.flush(),
    };
  },
};

/** Proves that `flush()` of @amplitude/node waits for the events that are on their way. */
export const proof: Proof = {
  module: "@amplitude/node",
  scenarios: [flushDuringSend(client, { records: BATCH }), secondFlush(client, { records: BATCH - 1 })],
};
