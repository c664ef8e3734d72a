import type { Target } from "../target.js";

/**
 * Run: 1.0.0, 1.2.0, 1.3.0, 1.3.1 and 1.6.0, both copies. From 1.6.1 on a flush waits for those before it.
 *
 * A flush takes its batch out of the queue at once, and waits only for one that the client has begun of its own accord. Its
 * methods are fields of each instance.
 */
export const target: Target = {
  module: "@axiomhq/js",
  versions: ">=1.0.0 <1.6.1",
  fixedIn: "1.6.1",
  file: "dist/{cjs/batch.cjs,esm/batch.js}",
  factory: "Batch",
  record: ["ingest"],
  flush: ["flush"],
  batch: "detached",
};
