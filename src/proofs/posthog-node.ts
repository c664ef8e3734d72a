import { setImmediate as turn } from "node:timers/promises";
import { type Client, flushAfterRecords } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface PostHog {
  capture(event: { distinctId: string; event: string }): void;
  flush(): Promise<unknown>;
}

interface Module {
  PostHog: new (key: string, options: { host: string; flushInterval: number }) => PostHog;
}

interface Body {
  batch: { event: string }[];
}

const client: Client = {
  idsIn: ({ body }) => (JSON.parse(body) as Body).batch.map(({ event }) => event),
  start(load, host) {
    const { PostHog } = load.require("posthog-node") as Module;
    const posthog = new PostHog("proof", { host, flushInterval: 60_000 });
    return {
      record: (event) => posthog.capture({ distinctId: "proof", event }),
      async flush() {
        // An event is in the queue a few turns after it was captured.
        await turn();
        await posthog.flush();
      },
    };
  },
};

/** Proves that `flush()` of posthog-node waits for what was captured before it. */
export const proof: Proof = {
  module: "posthog-node",
  scenarios: [flushAfterRecords(client)],
};
