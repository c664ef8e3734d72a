import type { Target } from "../target.js";

/**
 * Run: 1.30.1, 2.0.0, 2.6.0, 2.12.1, 3.0.0 and 3.1.1, the last two in both copies. Early 1.x do not export on a shutdown.
 *
 * The batches of a reader are collected before their export begins, and overlapping forceFlush() calls are the library's
 * own to order. But a `shutdown` or `forceFlush` during a shutdown returns at once, with nothing delivered.
 */
export const target: Target = {
  module: "@opentelemetry/sdk-metrics",
  versions: ">=1.30.1 <4",
  file: "{build/{src,esm,esnext},dist}/MeterProvider.{js,cjs,mjs}",
  export: "MeterProvider",
  // A shutdown is also one that the next has to wait for.
  flush: ["forceFlush", "shutdown"],
  use: ["getMeter"],
  batch: "detached",
  callsOut: { flush: false },
};
