import { setTimeout as delay } from "node:timers/promises";
import { Ledger } from "../ledger.js";
import type { LoadClient, Outcome, Scenario } from "../proof.js";
import { httpSink } from "../sinks/http.js";

interface Client {
  track(key: string, user: { key: string }): void;
  flush(): Promise<void>;
  close(): void;
}

/** What both server SDKs export, as far as events go. */
export interface Sdk {
  init(sdkKey: string, options: object): Client;
}

interface Event {
  kind: string;
  key: string;
}

const EVENTS = 10;
const LATENCY_MS = 100;
/** Milliseconds after which no request is coming. */
const PATIENCE_MS = 1_000;
const silent = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * Tracks events, and calls `settle` when they are being sent.
 * @param flushInterval seconds between the SDK's own flushes
 */
async function whileSending(
  sdk: Sdk,
  flushInterval: number,
  begin: (client: Client) => Promise<void>,
  settle: (client: Client) => Promise<void>,
): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const client = sdk.init("proof", {
    baseUri: sink.url,
    streamUri: sink.url,
    eventsUri: sink.url,
    // Flags come from nowhere, so that all requests are of events.
    useLdd: true,
    diagnosticOptOut: true,
    flushInterval,
    logger: silent,
  });
  const keys = new Ledger(
    () => sink.delivered,
    ({ body }) => (JSON.parse(body) as Event[]).flatMap(({ kind, key }) => (kind === "custom" ? [key] : [])),
  );
  try {
    for (let i = 0; i < EVENTS; i++) client.track(keys.add(`event ${i}`), { key: "proof" });
    const begun = begin(client);
    for (let waited = 0; sink.requests.length === 0 && waited < PATIENCE_MS; waited++) await delay(1);
    await settle(client);
    const outcome = keys.count();
    await begun;
    return outcome;
  } finally {
    await sink.close();
  }
}

const SOON_S = 0.02;
const LATER_S = 60;

/** What both server SDKs must show. */
export function scenariosOf(load: (from: LoadClient) => Sdk): Scenario[] {
  return [
    {
      name: "a second flush() during a flush()",
      hazard: "early return",
      run: (from) =>
        whileSending(
          load(from),
          LATER_S,
          (client) => client.flush(),
          (client) => client.flush(),
        ),
    },
    {
      name: "flush() during an automatic flush",
      hazard: "early return",
      run: (from) =>
        whileSending(
          load(from),
          SOON_S,
          async () => {},
          (client) => client.flush(),
        ),
    },
    {
      name: "close() with 10 events in the queue",
      hazard: "close",
      run: (from) =>
        whileSending(
          load(from),
          LATER_S,
          async (client) => client.close(),
          // It returns nothing that could be waited for.
          () => delay(3 * LATENCY_MS),
        ),
    },
    {
      name: "close() during a flush, then flush()",
      hazard: "close",
      run: (from) =>
        whileSending(
          load(from),
          LATER_S,
          (client) => client.flush(),
          (client) => {
            client.close();
            return client.flush();
          },
        ),
    },
  ];
}
