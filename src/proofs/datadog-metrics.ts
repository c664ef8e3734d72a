import { setImmediate as nextTurn } from "node:timers/promises";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { type HttpSink, httpSink } from "./sinks/http.js";

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

function recordValues(logger: Logger): void {
  for (let i = 0; i < VALUES; i++) logger.increment(`value.${i}`);
}

/** Ends a logger; where it has no `stop`, a last flush is all there is. */
async function stop(logger: Logger, options?: { flush?: boolean }): Promise<void> {
  await (logger.stop === undefined ? logger.flush() : logger.stop(options));
}

/** Counts what the server has answered by now: the app's next line may be `process.exit()`. */
function answered(sink: HttpSink): Outcome {
  const series = sink.delivered.flatMap((request) => JSON.parse(request.body) as Series[]);
  const delivered = series.flatMap(({ points }) => points).reduce((sum, [, value]) => sum + value, 0);
  return { recorded: VALUES, delivered, distinct: new Set(series.map(({ metric }) => metric)).size };
}

/** Runs a scenario against a server that takes its time. */
async function withSink(scenario: (sink: HttpSink) => Promise<Outcome>): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  try {
    return await scenario(sink);
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
  sink: HttpSink,
  settle: (logger: Logger) => Promise<void>,
): Promise<Outcome> {
  recordValues(logger);
  const first = logger.flush();
  await settle(logger);
  const outcome = answered(sink);
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
      run: (load) => withSink((sink) => whileFlushing(newLogger(required(load), sink), sink, (l) => l.flush())),
    },
    {
      name: "await stop() during a flush",
      hazard: "close",
      run: (load) => withSink((sink) => whileFlushing(newLogger(required(load), sink), sink, stop)),
    },
    {
      name: "await stop({}) during a flush",
      hazard: "close",
      run: (load) => withSink((sink) => whileFlushing(newLogger(required(load), sink), sink, (l) => stop(l, {}))),
    },
    {
      name: "await flush() during an automatic flush",
      hazard: "early return",
      run: (load) =>
        withSink(async (sink) => {
          const logger = newLogger(required(load), sink, 0.02);
          recordValues(logger);
          while (sink.requests.length === 0) await nextTurn();
          await logger.flush();
          const outcome = answered(sink);
          while (sink.delivered.length < sink.requests.length) await nextTurn();
          await stop(logger);
          return outcome;
        }),
    },
    {
      name: "shared functions, second await flush() during a flush",
      hazard: "early return",
      run: (load) => withSink((sink) => whileFlushing(sharedLogger(required(load), sink), sink, (l) => l.flush())),
    },
    {
      name: "shared functions by import, await stop() during a flush",
      hazard: "close",
      run: (load) =>
        withSink(async (sink) => {
          const { default: client } = (await load.import("datadog-metrics")) as { default: Client };
          return whileFlushing(sharedLogger(client, sink), sink, stop);
        }),
    },
  ],
};
