import type { Target } from "../target.js";

/**
 * Run: 1.9.2, 1.10.0 and 1.10.2.
 *
 * A flush takes its batch out of the queue at once, and resolves at once where there is none, while those before it are being
 * sent. Batches that were refused are sent again on timers, which nothing waits for.
 */
export const target: Target = {
  module: "@amplitude/node",
  versions: ">=1.9.2 <2",
  file: "dist/src/nodeClient.js",
  export: "NodeClient",
  use: ["logEvent", "identify"],
  flush: ["flush"],
  batch: "detached",
};
