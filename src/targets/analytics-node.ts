import type { Target } from "../target.js";

/**
 * Run: 5.2.0, 6.0.0 and 6.2.0.
 *
 * A flush takes its batch out of the queue at once, and resolves at once where there is none, while those before it are being
 * sent. The first event is sent by itself, and nobody handles a refusal of it.
 */
export const target: Target = {
  module: "analytics-node",
  versions: ">=5.2.0 <7",
  file: "index.js",
  record: ["enqueue"],
  flush: ["flush"],
  batch: "detached",
  callersPromise: true,
};
