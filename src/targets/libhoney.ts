import type { Target } from "../target.js";

/**
 * Run: 4.0.1, 4.2.0 and 4.3.1, both copies.
 *
 * A flush puts an empty transmission in the place of the one that it waits for, so another finds nothing and resolves at
 * once, while what was recorded before is still to be sent.
 */
export const target: Target = {
  module: "libhoney",
  versions: ">=4.0.1 <5",
  file: "dist/libhoney.{cjs.js,es.js}",
  record: ["sendEvent", "sendPresampledEvent"],
  flush: ["flush"],
  batch: "detached",
};
