import { type Client, flushDuringRetry, secondFlush } from "../http-client/scenarios.js";
import type { Scenario } from "../proof.js";

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

const clientOf = (module: string): Client => ({
  answer: JSON.stringify({ has_updates: false }),
  idsIn: ({ path, body }) =>
    path.endsWith("/log_event")
      ? (JSON.parse(body) as Body).events.map(({ eventName }) => eventName).filter((name) => name.startsWith("value-"))
      : [],
  async start(load, url) {
    const { StatsigServer } = load.require(module) as Module;
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
});

/** What both servers of Statsig must show. */
export function scenariosOf(module: string): Scenario[] {
  const client = clientOf(module);
  return [secondFlush(client), flushDuringRetry(client)];
}
