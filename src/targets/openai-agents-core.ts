import type { Target } from "../target.js";

/**
 * Run: 0.1.11, both copies.
 *
 * A flush takes everything out of the buffer at once, and resolves at once where there is nothing, while the spans before are
 * being exported. What a full buffer sends is part of the promise of the span that filled it.
 */
export const target: Target = {
  module: "@openai/agents-core",
  versions: ">=0.1.11 <0.2.0",
  file: "dist/tracing/processor.{js,mjs}",
  export: "BatchTraceProcessor",
  flush: ["forceFlush"],
  send: ["onSpanEnd", "onTraceStart"],
  close: ["shutdown"],
  batch: "detached",
};
