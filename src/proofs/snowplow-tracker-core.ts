import { type Client, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Module {
  newTracker(tracker: object, emitter: object): { track(event: object): void; flush(): Promise<void> };
  buildStructEvent(event: { category: string; action: string }): object;
}

interface Body {
  data: { se_ac: string }[];
}

/** The client sends whenever this many wait. */
const BUFFER = 10;

const client: Client = {
  idsIn: ({ body }) => (JSON.parse(body) as Body).data.map((event) => event.se_ac),
  start(load, endpoint) {
    const { newTracker, buildStructEvent } = load.require("@snowplow/node-tracker") as Module;
    const emitter = { endpoint, eventMethod: "post", bufferSize: BUFFER };
    const tracker = newTracker({ namespace: "proof", appId: "proof", encodeBase64: false }, emitter);
    return {
      record: (action) => tracker.track(buildStructEvent({ category: "proof", action })),
      flush: () => tracker.flush(),
    };
  },
};

/** Proves that `flush()` of @snowplow/node-tracker waits for the events that are on their way. */
export const proof: Proof = {
  module: "@snowplow/tracker-core",
  beside: ["@snowplow/node-tracker"],
  scenarios: [flushDuringSend(client, { records: BUFFER + 2 }), secondFlush(client, { records: BUFFER - 1 })],
};
