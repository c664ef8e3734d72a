import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";

interface LogEvent {
  params: object;
}

interface Optimizely {
  onReady(): Promise<unknown>;
  track(event: string, userId: string): void;
  close(): Promise<unknown>;
}

interface Client {
  createInstance(options: object): Optimizely;
  createStaticProjectConfigManager(options: { datafile: string }): object;
  createBatchEventProcessor(options: object): object;
  createLogger(options: { level: unknown }): object;
  ERROR: unknown;
}

/** The body of a request of the client, as far as identities go. */
interface Batch {
  visitors: { visitor_id: string }[];
}

const EVENTS = 5;
const LATENCY_MS = 50;

/** The smallest project that has an event to track. */
const DATAFILE = JSON.stringify({
  version: "4",
  revision: "1",
  accountId: "1",
  projectId: "1",
  anonymizeIP: true,
  botFiltering: false,
  events: [{ id: "1", key: "bought", experimentIds: [] }],
  ...Object.fromEntries(
    ["attributes", "audiences", "experiments", "featureFlags", "groups", "rollouts", "typedAudiences", "variables"].map(
      (list) => [list, []],
    ),
  ),
});

/**
 * Tracks events and closes the client in the same tick.
 * @param queued events that are in the client's queue by then
 */
async function trackAndClose(load: LoadClient, queued: number): Promise<Outcome> {
  const client = load.require("@optimizely/optimizely-sdk") as Client;
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  // The client's own address is on the internet; where to send is its documented option.
  const dispatchEvent = async ({ params }: LogEvent): Promise<{ statusCode: number }> => {
    const response = await fetch(sink.url, { method: "POST", body: JSON.stringify(params) });
    return { statusCode: response.status };
  };
  const optimizely = client.createInstance({
    projectConfigManager: client.createStaticProjectConfigManager({ datafile: DATAFILE }),
    eventProcessor: client.createBatchEventProcessor({
      eventDispatcher: { dispatchEvent },
      batchSize: 2 * EVENTS,
      flushInterval: 60_000,
    }),
    logger: client.createLogger({ level: client.ERROR }),
  });
  const users = new Ledger(
    () => sink.delivered,
    ({ body }) => (JSON.parse(body) as Batch).visitors.map(({ visitor_id }) => visitor_id),
  );
  try {
    await optimizely.onReady();
    for (let i = 0; i < queued; i++) optimizely.track("bought", users.add(`queued-${i}`));
    await turn();
    for (let i = 0; i < EVENTS; i++) optimizely.track("bought", users.add(`user-${i}`));
    await optimizely.close();
    return users.count();
  } finally {
    await sink.close();
  }
}

export const proof: Proof = {
  module: "@optimizely/optimizely-sdk",
  scenarios: [
    { name: "track() and close() in the same tick", hazard: "close", run: (load) => trackAndClose(load, 0) },
    { name: "the same with events in the queue", hazard: "close", run: (load) => trackAndClose(load, EVENTS - 1) },
  ],
};
