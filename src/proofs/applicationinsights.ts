import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";

interface TelemetryClient {
  config: { endpointUrl: string; maxBatchSize: number };
  trackEvent(event: { name: string }): void;
  flush(options: { callback: (response: string) => void }): void;
}

interface Client {
  TelemetryClient: new (key: string) => TelemetryClient;
}

/** An item as it is sent, one a line. */
interface Envelope {
  data: { baseData: { name: string } };
}

interface App {
  /** Tracks this many events, each of a name of its own. */
  track: (count: number) => void;
  /** Flushes, and waits until the callback says that it is done. */
  flush: () => Promise<void>;
  /** What has been answered by now: the app's next line may be `process.exit()`. */
  count: () => Outcome;
}

const LATENCY_MS = 100;
const BATCH = 250;

async function withApi(load: LoadClient, drive: (app: App) => Promise<Outcome>): Promise<Outcome> {
  // Statistics about the client itself, which it would send over the network.
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT = "1";
  const { TelemetryClient } = load.require("applicationinsights") as Client;
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const client = new TelemetryClient("1aa11111-bbbb-1ccc-8ddd-eeeeffff3333");
  client.config.endpointUrl = `${sink.url}/v2.1/track`;
  client.config.maxBatchSize = BATCH;
  const events = new Ledger(
    () => sink.delivered,
    ({ body }) => body.split("\n").map((line) => (JSON.parse(line) as Envelope).data.baseData.name),
  );
  try {
    return await drive({
      track: (count) => {
        for (let i = 0; i < count; i++) client.trackEvent({ name: events.add(`event ${events.size}`) });
      },
      flush: () => new Promise((resolve) => client.flush({ callback: () => resolve() })),
      count: () => events.count(),
    });
  } finally {
    await sink.close();
  }
}

async function flushAfterBatch(load: LoadClient): Promise<Outcome> {
  return withApi(load, async ({ track, flush, count }) => {
    track(BATCH);
    await flush();
    return count();
  });
}

async function flushBehindBatch(load: LoadClient): Promise<Outcome> {
  return withApi(load, async ({ track, flush, count }) => {
    track(BATCH / 2);
    const first = flush();
    await flush();
    const outcome = count();
    await first;
    return outcome;
  });
}

/** Proves that the callback of a flush of applicationinsights waits for every batch before it. */
export const proof: Proof = {
  module: "applicationinsights",
  scenarios: [
    { name: "flush callback after a full batch", hazard: "early return", run: flushAfterBatch },
    { name: "second flush callback during a flush", hazard: "early return", run: flushBehindBatch },
  ],
};
