import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink, type SinkRequest } from "./sinks/http.js";

interface Result<T> {
  promise: Promise<T>;
}

interface Amplitude {
  init(apiKey: string, options: object): Result<void>;
  track(event: string, properties?: object, options?: { user_id: string }): Result<unknown>;
  flush(): Result<void>;
}

interface Client {
  createInstance(): Amplitude;
}

interface App {
  amplitude: Amplitude;
  /** Tracks this many events, each of a name of its own. */
  track: (count: number) => void;
  /** Waits until the API has been sent everything tracked so far, and has not answered the last of it. */
  requested: () => Promise<void>;
  /** What has been answered by now: the app's next line may be `process.exit()`. */
  count: () => Outcome;
}

const LATENCY_MS = 100;
const EVENTS = 150;

async function withApi(
  load: LoadClient,
  flushIntervalMillis: number,
  drive: (app: App) => Promise<Outcome>,
): Promise<Outcome> {
  const amplitude = (load.require("@amplitude/analytics-node") as Client).createInstance();
  const sink = await httpSink({ latencyMs: LATENCY_MS, answer: '{"code":200}' });
  const events = new Ledger(() => sink.delivered, namesIn);
  try {
    await amplitude.init("proof", { serverUrl: sink.url, flushIntervalMillis, logLevel: 0 }).promise;
    return await drive({
      amplitude,
      track: (count) => {
        for (let i = 0; i < count; i++)
          amplitude.track(events.add(`event ${events.size}`), undefined, { user_id: "proof" });
      },
      requested: async () => {
        while (sink.requests.flatMap(namesIn).length < events.size) await turn();
      },
      count: () => events.count(),
    });
  } finally {
    await sink.close();
  }
}

function namesIn({ body }: SinkRequest): string[] {
  return (JSON.parse(body) as { events: { event_type: string }[] }).events.map((event) => event.event_type);
}

async function secondFlush(load: LoadClient): Promise<Outcome> {
  return withApi(load, 10_000, async ({ amplitude, track, requested, count }) => {
    track(EVENTS);
    const first = amplitude.flush().promise;
    await requested();
    await amplitude.flush().promise;
    const outcome = count();
    await first;
    return outcome;
  });
}

async function recordsBetweenFlushes(load: LoadClient): Promise<Outcome> {
  return withApi(load, 10_000, async ({ amplitude, track, requested, count }) => {
    track(EVENTS / 2);
    const first = amplitude.flush().promise;
    await requested();
    track(EVENTS / 2);
    await amplitude.flush().promise;
    const outcome = count();
    await first;
    return outcome;
  });
}

async function automaticFlush(load: LoadClient): Promise<Outcome> {
  return withApi(load, 400, async ({ amplitude, track, requested, count }) => {
    track(EVENTS);
    await requested();
    await amplitude.flush().promise;
    return count();
  });
}

/** Proves that waiting for a flush of @amplitude/analytics-node waits for everything tracked before it. */
export const proof: Proof = {
  module: "@amplitude/analytics-core",
  beside: ["@amplitude/analytics-node"],
  scenarios: [
    { name: "second await flush().promise during a flush", hazard: "early return", run: secondFlush },
    {
      name: "tracking between two flushes",
      hazard: "early return",
      versions: ">=2.17.0",
      run: recordsBetweenFlushes,
    },
    { name: "await flush().promise during an automatic flush", hazard: "early return", run: automaticFlush },
  ],
};
