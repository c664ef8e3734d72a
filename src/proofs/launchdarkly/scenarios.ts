import { setTimeout as delay } from "node:timers/promises";
import type { LoadClient, Outcome, Scenario } from "../proof.js";
import { type HttpSink, httpSink } from "../sinks/http.js";

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
const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** What the server has answered by now: the app's next line may be `process.exit()`. */
function answered(sink: HttpSink): Outcome {
  const events = sink.delivered.flatMap(({ body }) => JSON.parse(body) as Event[]);
  const keys = events.filter(({ kind }) => kind === "custom").map(({ key }) => key);
  return { recorded: EVENTS, delivered: keys.length, distinct: new Set(keys).size };
}

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
  try {
    for (let i = 0; i < EVENTS; i++) client.track(`event ${i}`, { key: "proof" });
    const begun = begin(client);
    while (sink.requests.length === 0) await delay(1);
    await settle(client);
    const outcome = answered(sink);
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
