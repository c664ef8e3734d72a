import { Ledger } from "../ledger.js";
import type { Outcome } from "../proof.js";
import { httpSink } from "../sinks/http.js";

/** What clients with the API of Segment have in common. */
interface Tracker {
  track(event: { userId: string; event: string }): void;
}

export interface App<Analytics> {
  analytics: Analytics;
  /** Tracks this many events, each of a name of its own. */
  track: (count: number) => void;
  /** What has been answered by now: the app's next line may be `process.exit()`. */
  count: () => Outcome;
}

const LATENCY_MS = 100;

/**
 * Starts a server on the loopback interface that takes batches of events, and drives a client of it.
 * @param clientOf makes the client
 */
export async function withApi<Analytics extends Tracker>(
  clientOf: (url: string) => Analytics,
  drive: (app: App<Analytics>) => Promise<Outcome>,
): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const analytics = clientOf(sink.url);
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
