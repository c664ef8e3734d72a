import type { Target } from "../target.js";

/**
 * Run: 1.3.1, both copies. From 2.0.0 on a flush waits for those before it.
 *
 * A flush takes its batch out of the queue at once, and waits only for one that the client has begun of its own accord. Its
 * methods are fields of each instance.
 */
export const target: Target = {
  module: "@axiomhq/js",
  versions: ">=1.3.1 <1.4.0",
  fixedIn: "2.0.0",
  file: "dist/{cjs/batch.cjs,esm/batch.js}",
  factory: "Batch",
  record: ["ingest"],
  flush: ["flush"],
  batch: "detached",
};
