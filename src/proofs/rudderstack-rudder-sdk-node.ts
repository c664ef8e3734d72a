import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";

interface Analytics {
  track(event: { userId: string; event: string }): void;
  flush(callback?: () => void): Promise<unknown>;
}

type Client = new (
  writeKey: string,
  options: { dataPlaneUrl: string; flushAt: number; flushInterval: number },
) => Analytics;

const LATENCY_MS = 100;
const FLUSH_AT = 20;

interface App {
  analytics: Analytics;
  /** Tracks this many events, each of a name of its own. The client flushes the first, and whenever 20 wait. */
  track: (count: number) => void;
  /** What has been answered by now: the app's next line may be `process.exit()`. */
  count: () => Outcome;
}

async function withApi(load: LoadClient, drive: (app: App) => Promise<Outcome>): Promise<Outcome> {
  const Analytics = load.require("@rudderstack/rudder-sdk-node") as Client;
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const analytics = new Analytics("proof", { dataPlaneUrl: sink.url, flushAt: FLUSH_AT, flushInterval: 10_000 });
  const events = new Ledger(
    () => sink.delivered,
    ({ body }) => (JSON.parse(body) as { batch: { event: string }[] }).batch.map(({ event }) => event),
  );
  try {
    return await drive({
      analytics,
      track: (count) => {
        for (let i = 0; i < count; i++) analytics.track({ userId: "proof", event: events.add(`event ${events.size}`) });
      },
      count: () => events.count(),
    });
  } finally {
    await sink.close();
  }
}

async function flushAfterBatch(load: LoadClient): Promise<Outcome> {
  return withApi(load, async ({ analytics, track, count }) => {
    track(1 + FLUSH_AT);
    await analytics.flush();
    return count();
  });
}

async function callbackAfterBatch(load: LoadClient): Promise<Outcome> {
  return withApi(load, async ({ analytics, track, count }) => {
    track(1 + FLUSH_AT);
    await new Promise<void>((resolve, reject) => void analytics.flush(resolve).catch(reject));
    return count();
  });
}

async function secondFlush(load: LoadClient): Promise<Outcome> {
  return withApi(load, async ({ analytics, track, count }) => {
    track(1 + FLUSH_AT / 2);
    const first = analytics.flush();
    await analytics.flush();
    const outcome = count();
    await first;
    return outcome;
  });
}

/** Proves that waiting for a flush of @rudderstack/rudder-sdk-node waits for every batch before it. */
export const proof: Proof = {
  module: "@rudderstack/rudder-sdk-node",
  scenarios: [
    { name: "await flush() after a full batch", hazard: "early return", run: flushAfterBatch },
    { name: "flush(callback) after a full batch", hazard: "early return", run: callbackAfterBatch },
    { name: "second await flush() during a flush", hazard: "early return", run: secondFlush },
  ],
};
