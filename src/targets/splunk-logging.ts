import type { Target } from "../target.js";

/**
 * Run: 0.9.0, 0.9.3, 0.10.1, 0.11.0 and 0.11.1.
 *
 * A flush takes its batch out of the queue at once. One that finds nothing sends an empty batch, and calls back when that has
 * been answered, while those before it are being sent. `send` begins a flush when a batch is full.
 */
export const target: Target = {
  module: "splunk-logging",
  versions: ">=0.9.0 <0.12.0",
  file: "splunklogger.js",
  record: ["send"],
  flush: ["flush"],
  batch: "detached",
  ends: { callback: 0 },
};
