import type { Target } from "../target.js";

/**
 * Run: 5.25.1, 5.28.0, 5.33.1 and 6.5.2.
 *
 * A flush takes its batch out of the queue at once, and resolves at once where there is none, while those before it are being
 * sent. A shutdown waits for the flush that it makes itself.
 */
export const target: Target = {
  module: "statsig-node",
  versions: ">=5.25.1 <7",
  file: "dist/LogEventProcessor.js",
  record: ["log"],
  flush: ["flush"],
  close: ["shutdown"],
  batch: "detached",
};
