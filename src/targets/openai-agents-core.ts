import type { Target } from "../target.js";

/**
 * Run: 0.0.17, 0.1.11, 0.3.9, 0.4.15, 0.9.0, 0.13.5 and 0.17.0, both copies. From 0.17.1 on a flush waits for those before it.
 *
 * A flush takes everything out of the buffer at once, and resolves at once where there is nothing, while the spans before are
 * being exported. What a full buffer sends is part of the promise of the span that filled it.
 */
export const target: Target = {
  module: "@openai/agents-core",
  versions: ">=0.0.17 <0.17.1",
  fixedIn: "0.17.1",
  file: "dist/tracing/processor.{js,mjs}",
  export: "BatchTraceProcessor",
  flush: ["forceFlush"],
  send: ["onSpanEnd", "onTraceStart"],
  close: ["shutdown"],
  batch: "detached",
};
