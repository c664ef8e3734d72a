import type { Target } from "../target.js";

/**
 * Run: 8.0.0, 8.55.2, 9.47.1, 10.26.0, 10.78.0, 11.0.0 and 11.12.0, in both copies. Read: 8.20.0, 9.12.0, 9.20.0, 9.46.0, 10.0.0
 * and 10.25.0 too.
 *
 * A record that finds the buffer full sends it, to its listeners and its transport, and then stores its value over what
 * those have recorded. From 9.15 and until these ranges such a record is lost itself, by a call within the module that
 * nothing outside can see; before, nothing is.
 */
const capturing = {
  module: "@sentry/core",
  versions: ">=9.47.0 <10 || >=10.26.0 <12",
  batch: "on the stack",
  callsOut: { flush: true, record: true },
  returns: "nothing",
} as const;

export const targets: readonly Target[] = [
  {
    module: "@sentry/core",
    versions: ">=8.0.0 <9",
    file: "{build/,}{cjs,esm}/metrics/aggregator.js",
    export: "MetricsAggregator",
    record: ["add"],
    flush: ["_flush"],
    batch: "on the stack",
    callsOut: { flush: true, record: true },
  },
  {
    ...capturing,
    file: "build/{cjs,esm}/logs/{internal,exports}.js",
    record: ["_INTERNAL_captureLog"],
    flush: ["_INTERNAL_flushLogsBuffer"],
  },
  {
    ...capturing,
    file: "build/{cjs,esm}/metrics/internal.js",
    record: ["_INTERNAL_captureMetric"],
    flush: ["_INTERNAL_flushMetricsBuffer"],
  },
];
