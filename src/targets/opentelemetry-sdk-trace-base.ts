import type { Target } from "../target.js";

/**
 * Run: 1.0.0, 1.30.1, 2.0.0, 2.8.0, 2.12.1. Read: those and 2.9.0. From 2.9.0 on the class extends one of
 * `@opentelemetry/sdk-trace`, whose 2.x releases are made for this package; it is this class that apps get.
 *
 * A batch is taken out of the buffer before its export begins, so exports run in parallel. But `forceFlush` and
 * `shutdown` wait only for the batches that they begin themselves, not for the background's or each other's.
 */
export const target: Target = {
  module: "@opentelemetry/sdk-trace-base",
  versions: ">=1.0.0 <3",
  file: "build/src/{platform/node/export/BatchSpanProcessor,BatchSpanProcessor-shim}.js",
  export: "BatchSpanProcessor",
  record: ["onEnd"],
  flush: ["forceFlush"],
  send: ["_flushOneBatch"],
  close: ["shutdown"],
  detaches: true,
  callsOut: false,
  onFailure: "leave",
};
