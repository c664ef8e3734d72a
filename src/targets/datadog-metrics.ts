import type { Target } from "../target.js";

interface Logger {
  reporter: object;
}

/**
 * Read: 0.2.1, 0.3.0, 0.4.0, 0.6.1, 0.8.2, and every version from 0.9.3 to 0.12.1. 0.12.0 has the same `flush` and no
 * `stop`. Before 0.12 `flush` returns no promise; 0.2.1 takes no callback either.
 *
 * Every recording method ends in `addPoint`. index.js takes `flush` and `stop` from the prototype as it loads, so they
 * must be wrapped when lib/loggers.js has run and before index.js goes on.
 *
 * The aggregator empties itself into the batch before `flush` first waits. A batch that the reporter rejects is gone:
 * the client tells `onError` or its log.
 */
export const target: Target = {
  module: "datadog-metrics",
  versions: ">=0.12.0 <0.13.0",
  file: "lib/loggers.js",
  export: "BufferedMetricsLogger",
  record: ["addPoint"],
  flush: ["flush"],
  close: ["stop"],
  batch: "detached",
  callsOut: { flush: ({ reporter }: Logger) => reporter.constructor.name !== "DatadogReporter" },
};
