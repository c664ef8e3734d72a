import type { Target } from "../target.js";

/**
 * Run: 3.0.0 and 3.1.1, both copies. The 2.x releases are the parts of `@opentelemetry/sdk-trace-base`, where they are
 * guarded; the batch processor is the same.
 */
export const target: Target = {
  module: "@opentelemetry/sdk-trace",
  versions: ">=3.0.0 <4",
  unaffected: "<3",
  file: "dist/platform/node/export/BatchSpanProcessor.{cjs,mjs}",
  export: "BatchSpanProcessor",
  record: ["onEnd"],
  flush: ["forceFlush"],
  send: ["_flushOneBatch"],
  close: ["shutdown"],
  detaches: true,
  callsOut: false,
  onFailure: "leave",
};
