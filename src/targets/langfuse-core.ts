import type { Target } from "../target.js";

/**
 * Run through langfuse: 3.16.2 and 3.39.2, both copies.
 *
 * `flushAsync` and `shutdownAsync` call `flush`, which takes its batch out of the queue at once and calls back at once where
 * there is none, while those before it are being sent.
 */
export const target: Target = {
  module: "langfuse-core",
  versions: ">=3.16.2 <4",
  file: "lib/index.{cjs.js,mjs}",
  export: "LangfuseCore",
  record: ["enqueue"],
  flush: ["flush"],
  batch: "detached",
  ends: { callback: 0 },
};
