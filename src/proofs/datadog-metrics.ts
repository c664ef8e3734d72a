import { setImmediate as nextTurn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type HttpSink, httpSink, type SinkRequest } from "./sinks/http.js";

/** One metric of a batch, as the client hands it to its reporter: points are pairs of seconds and value. */
interface Series {
  metric: string;
  points: [number, number][];
}

interface Reporter {
  report(series: Series[]): Promise<void>;
}

interface Options {
  reporter: Reporter;
  flushIntervalSeconds: number;
}

interface Logger {
  increment(key: string): void;
  flush(): Promise<void>;
  /** Since 0.12.1. */
  stop?(options?: { flush?: boolean }): Promise<void>;
}

interface Client extends Logger {
  init(options: Options): void;
  BufferedMetricsLogger: new (options: Options) => Logger;
}

/** A server that takes its time, and what is recorded for it. */
interface Api {
  sink: HttpSink;
  values: Ledger<SinkRequest>;
}

const LATENCY_MS = 100;
const VALUES = 10;

/** The client's own reporter insists on https, so the proofs use its option to bring one. */
function reporterTo(sink: HttpSink): Reporter {
  return {
    async report(series) {
      const response = await fetch(sink.url, { method: "POST", body: JSON.stringify(series) });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
    },
  };
}

function required(load: LoadClient): Client {
  return load.require("datadog-metrics") as Client;
}

function newLogger(client: Client, sink: HttpSink, flushIntervalSeconds = 0): Logger {
  return new client.BufferedMetricsLogger({ reporter: reporterTo(sink), flushIntervalSeconds });
}

function sharedLogger(client: Client, sink: HttpSink): Logger {
  client.init({ reporter: reporterTo(sink), flushIntervalSeconds: 0 });
  return client;
}

function recordValues(logger: Logger, values: Ledger<SinkRequest>): void {
  for (let i = 0; i < VALUES; i++) logger.increment(values.add(`value.${i}`));
}

/** Ends a logger; where it has no `stop`, a last flush is all there is. */
async function stop(logger: Logger, options?: { flush?: boolean }): Promise<void> {
  await (logger.stop === undefined ? logger.flush() : logger.stop(options));
}

/** The name of each metric, as often as it was incremented. */
function namesIn({ body }: SinkRequest): string[] {
  return (JSON.parse(body) as Series[]).flatMap(({ metric, points }) => {
    const length = points.reduce((sum, [, value]) => sum + value, 0);
    return Array.from({ length }, () => metric);
  });
}

async function withApi(scenario: (api: Api) => Promise<Outcome>): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  try {
    return await scenario({ sink, values: new Ledger(() => sink.delivered, namesIn) });
  } finally {
    await sink.close();
  }
}

/**
 * Records, flushes, and calls `settle` while that flush is in flight.
 * @returns what the server had answered when `settle` was done
 */
async function whileFlushing(
  logger: Logger,
  { values }: Api,
  settle: (logger: Logger) => Promise<void>,
): Promise<Outcome> {
  recordValues(logger, values);
  const first = logger.flush();
  await settle(logger);
  const outcome = values.count();
  await first;
  return outcome;
}

/** Proves that waiting for a datadog-metrics logger waits for every batch that it has begun to send. */
export const proof: Proof = {
  module: "datadog-metrics",
  scenarios: [
    {
      name: "second await flush() during a flush",
      hazard: "early return",
      run: (load) => withApi((api) => whileFlushing(newLogger(required(load), api.sink), api, (l) => l.flush())),
    },
    {
      name: "await stop() during a flush",
      hazard: "close",
      run: (load) => withApi((api) => whileFlushing(newLogger(required(load), api.sink), api, stop)),
    },
    {
      name: "await stop({}) during a flush",
      hazard: "close",
      run: (load) => withApi((api) => whileFlushing(newLogger(required(load), api.sink), api, (l) => stop(l, {}))),
    },
    {
      name: "await flush() during an automatic flush",
      hazard: "early return",
      run: (load) =>
        withApi(async ({ sink, values }) => {
          const logger = newLogger(required(load), sink, 0.02);
          recordValues(logger, values);
          while (sink.requests.length === 0) await nextTurn();
          await logger.flush();
          const outcome = values.count();
          while (sink.delivered.length < sink.requests.length) await nextTurn();
          await stop(logger);
          return outcome;
        }),
    },
    {
      name: "shared functions, second await flush() during a flush",
      hazard: "early return",
      run: (load) => withApi((api) => whileFlushing(sharedLogger(required(load), api.sink), api, (l) => l.flush())),
    },
    {
      name: "shared functions by import, await stop() during a flush",
      hazard: "close",
      run: (load) =>
        withApi(async (api) => {
          const { default: client } = (await load.import("datadog-metrics")) as { default: Client };
          return whileFlushing(sharedLogger(client, api.sink), api, stop);
        }),
    },
  ],
};
