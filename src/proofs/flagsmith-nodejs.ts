import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";
import { type HttpSink, type HttpSinkOptions, httpSink } from "./sinks/http.js";

interface AnalyticsProcessor {
  trackFeature(name: string): void;
  flush(): Promise<void>;
}

interface Client {
  Flagsmith: new (config: object) => { analyticsProcessor: AnalyticsProcessor };
}

type LoadCopy = (load: LoadClient) => Promise<Client>;

interface App {
  sink: HttpSink;
  analytics: AnalyticsProcessor;
  /** Tracks this many features, each of a name of its own. */
  track: (count: number) => void;
  /** What has arrived by now. */
  count: () => Outcome;
}

/** Keeps the client's complaints about a refused batch out of the proof's output. */
const silent = Object.fromEntries(
  ["fatal", "error", "warn", "info", "debug", "trace"].map((level) => [level, () => undefined]),
);

async function withApi(
  client: Client,
  options: HttpSinkOptions,
  drive: (app: App) => Promise<Outcome>,
): Promise<Outcome> {
  const sink = await httpSink(options);
  const { analyticsProcessor: analytics } = new client.Flagsmith({
    environmentKey: "proof",
    apiUrl: `${sink.url}/api/v1/`,
    enableAnalytics: true,
    logger: silent,
  });
  const features = new Ledger(
    () => sink.delivered,
    ({ body }) =>
      Object.entries<number>(JSON.parse(body)).flatMap(([name, times]) => Array.from({ length: times }, () => name)),
  );
  try {
    return await drive({
      sink,
      analytics,
      track: (count) => {
        for (let i = 0; i < count; i++) analytics.trackFeature(features.add(`feature-${features.size}`));
      },
      count: () => features.count(),
    });
  } finally {
    await sink.close();
  }
}

async function tracksDuringFlush(client: Client): Promise<Outcome> {
  return withApi(client, { latencyMs: 50 }, async ({ analytics, track, count }) => {
    track(10);
    const flushing = analytics.flush();
    await turn();
    track(20);
    await flushing;
    await analytics.flush();
    return count();
  });
}

async function secondFlush(client: Client): Promise<Outcome> {
  return withApi(client, { latencyMs: 100 }, async ({ analytics, track, count }) => {
    track(10);
    const first = analytics.flush();
    const called = performance.now();
    await analytics.flush();
    const waited = Math.floor(performance.now() - called);
    // Here the app would leave, so only what has arrived by now counts.
    const outcome = count();
    await first;
    return outcome.delivered === outcome.recorded
      ? outcome
      : { ...outcome, violations: [`the second flush() came back after ${waited} ms`] };
  });
}

async function refusedBatch(client: Client): Promise<Outcome> {
  return withApi(client, { status: (n) => (n === 1 ? 500 : 200) }, async ({ analytics, track, count }) => {
    track(10);
    await analytics.flush();
    await analytics.flush();
    return count();
  });
}

/** The scenarios with one of the package's two copies: its CommonJS and ES module classes are not the same. */
function scenariosOf(copy: string, loadCopy: LoadCopy): Scenario[] {
  return [
    {
      name: `tracking during a flush (${copy})`,
      hazard: "lost update",
      run: async (load) => tracksDuringFlush(await loadCopy(load)),
    },
    {
      name: `a second flush, then exit (${copy})`,
      hazard: "early return",
      run: async (load) => secondFlush(await loadCopy(load)),
    },
    {
      name: `HTTP 500, then 200 (${copy})`,
      hazard: "failed send",
      run: async (load) => refusedBatch(await loadCopy(load)),
    },
  ];
}

export const proof: Proof = {
  module: "flagsmith-nodejs",
  scenarios: [
    ...scenariosOf("CommonJS", async (load) => load.require("flagsmith-nodejs") as Client),
    ...scenariosOf("ES module", async (load) => (await load.import("flagsmith-nodejs")) as Client),
  ],
};
