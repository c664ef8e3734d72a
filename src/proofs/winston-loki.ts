import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";
import { httpSink, type SinkRequest } from "./sinks/http.js";
import { ended, type Transport } from "./winston-logger/ended.js";

type Loki = new (options: { host: string; json: boolean; interval: number; batching: boolean }) => object;

interface Winston {
  createLogger(options: { transports: object[] }): NodeJS.EventEmitter & { info(line: string): void; end(): void };
}

interface Body {
  streams: { values: [time: string, line: string][] }[];
}

const INTERVAL_S = 1;
const LATENCY_MS = 100;
const LINES = 10;

function made(load: LoadClient, host: string, batching: boolean): object {
  const LokiTransport = load.require("winston-loki") as Loki;
  return new LokiTransport({ host, json: true, interval: INTERVAL_S, batching });
}

function linesIn({ body }: SinkRequest): string[] {
  return (JSON.parse(body) as Body).streams.flatMap(({ values }) => values.map(([, line]) => line.trim()));
}

function loki(batching: boolean): Transport {
  return { make: (load, host) => made(load, host, batching), linesIn };
}

/** Logs while the lines before are being sent, and waits for the next interval. */
async function loggedMeanwhile(load: LoadClient): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: LATENCY_MS });
  const logger = (load.require("winston") as Winston).createLogger({ transports: [made(load, sink.url, true)] });
  const lines = new Ledger(
    () => sink.delivered,
    (request) => linesIn(request).map((line) => /line \d+/.exec(line)?.[0] ?? line),
  );
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
  scenarios: [ended(loki(true)), ended(loki(false), "logger.end(), then 'finish', each line by itself"), clears],
};
