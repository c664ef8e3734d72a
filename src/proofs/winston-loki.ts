import type { Proof } from "./proof.js";
import { ended, type Transport } from "./winston-logger/ended.js";

type Loki = new (options: { host: string; json: boolean; interval: number; batching: boolean }) => object;

interface Body {
  streams: { values: [time: string, line: string][] }[];
}

function loki(batching: boolean): Transport {
  return {
    make(load, host) {
      const LokiTransport = load.require("winston-loki") as Loki;
      return new LokiTransport({ host, json: true, interval: 1, batching });
    },
    linesIn: ({ body }) =>
      (JSON.parse(body) as Body).streams.flatMap(({ values }) => values.map(([, line]) => line.trim())),
  };
}

/** Proves that a logger of winston has 'finish' when its lines have arrived at Loki. */
export const proof: Proof = {
  module: "winston-loki",
  scenarios: [ended(loki(true)), ended(loki(false), "logger.end(), then 'finish', each line by itself")],
};
