import type { Target } from "../target.js";

interface EventProcessor {
  runningTask: Map<string, { result: Promise<unknown> }>;
}

/**
 * Run: 6.0.0 and 6.6.1. Versions before 6 are built otherwise and were not run.
 *
 * `process` puts an event into the queue only after a turn of its own, and `stop` sends what is in the queue by then. A flush
 * begins to send, and does not wait for it. The class is not exported, and the ES module exports its factory as a constant,
 * which cannot be replaced, and is told: an app that imports the package hands its client's `eventProcessor` to `guard()`.
 */
export const target: Target = {
  module: "@optimizely/optimizely-sdk",
  versions: ">=6.0.0 <7",
  file: "dist/index.node{.es.min.mjs,.min.js}",
  factory: "createInstance",
  part: "eventProcessor",
  flush: ["flush"],
  send: ["process"],
  close: ["stop"],
  batch: "detached",
  drains: true,
  callsOut: { flush: false },
  // A drain waits for it too.
  beforeClose: ({ runningTask }: EventProcessor) =>
    Promise.allSettled(Array.from(runningTask.values(), ({ result }) => result)),
};
