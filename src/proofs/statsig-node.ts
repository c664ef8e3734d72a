import { type Client, flushDuringRetry, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Statsig {
  initializeAsync(): Promise<unknown>;
  logEvent(user: { userID: string }, name: string): void;
  flush(): Promise<void>;
}

interface Module {
  StatsigServer: new (secret: string, options: object) => Statsig;
}

interface Body {
  events: { eventName: string }[];
}

const client: Client = {
  answer: JSON.stringify({ has_updates: false }),
  idsIn: ({ path, body }) =>
    path.endsWith("/log_event")
      ? (JSON.parse(body) as Body).events.map(({ eventName }) => eventName).filter((name) => name.startsWith("value-"))
      : [],
  async start(load, url) {
    const { StatsigServer } = load.require("statsig-node") as Module;
    const statsig = new StatsigServer("secret-proof", {
      api: `${url}/v1`,
      loggingIntervalMs: 60_000,
      postLogsRetryBackoff: 200,
      disableDiagnostics: true,
    });
    await statsig.initializeAsync();
    return {
      record: (name) => statsig.logEvent({ userID: "proof" }, name),
      flush: () => statsig.flush(),
    };
  },
};

/** Proves that `flush()` of statsig-node waits for the events that are on their way. */
export const proof: Proof = {
  module: "statsig-node",
  scenarios: [secondFlush(client), flushDuringRetry(client)],
};
