import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";
import { httpSink } from "./sinks/http.js";
import { ended, linesAt, loggerOf, type Transport } from "./winston-logger/ended.js";

type Loki = new (options: { host: string; json: boolean; interval: number; batching: boolean }) => object;

interface Body {
  streams: { values: [time: string, line: string][] }[];
}

const INTERVAL_S = 1;
const LATENCY_MS = 100;
const LINES = 10;

function loki(batching: boolean): Transport {
  return {
    make(load, host) {
      const LokiTransport = load.require("winston-loki") as Loki;
      return new LokiTransport({ host, json: true, interval: INTERVAL_S, batching });
    },
    linesIn: ({ body }) =>
      (JSON.parse(body) as Body).streams.flatMap(({ values }) => values.map(([, line]) => line.trim())),
  };
}

const batches = loki(true);

/** Logs while the lines before are being sent, and waits for the next interval. */
async function loggedMeanwhile(load: LoadClient): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const logger = loggerOf(load, await batches.make(load, sink.url));
  const lines = linesAt(sink, batches);
  const log = (): void => {
    for (let i = 0; i < LINES; i++) logger.info(lines.add(`line ${lines.size}`));
  };
  log();
  while (sink.requests.length === 0) await delay(1);
  log();
  await delay(2 * LATENCY_MS + 1000 * INTERVAL_S + LATENCY_MS);
  const outcome = lines.count();
  logger.end();
  await once(logger, "finish");
  await sink.close();
  return outcome;
}

const clears: Scenario = {
  name: "lines logged while others are sent",
  hazard: "lost update",
  versions: "<6.1.4",
  run: loggedMeanwhile,
};

/** Proves that what is logged while a batch is sent to Loki arrives, and that a logger has 'finish' when its lines have arrived. */
export const proof: Proof = {
  module: "winston-loki",
  beside: ["winston"],
  scenarios: [ended(batches), ended(loki(false), "logger.end(), then 'finish', each line by itself"), clears],
};
