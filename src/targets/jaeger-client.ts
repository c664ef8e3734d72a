import type { Target } from "../target.js";

/**
 * Run: 3.12.0, 3.14.4, 3.17.2 and 3.19.0.
 *
 * What sends spans to a collector over HTTP. A flush takes its batch out at once, and calls back at once where there is none.
 * Closing the tracer flushes, and then destroys the connections on which the batches before are still being sent.
 */
export const target: Target = {
  module: "jaeger-client",
  versions: ">=3.12.0 <4",
  file: "dist/src/reporters/http_sender.js",
  record: ["append"],
  flush: ["flush"],
  batch: "detached",
  ends: { callback: 0 },
};
