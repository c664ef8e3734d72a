import type { Target } from "../target.js";
import { batchSpanProcessor } from "./opentelemetry/batch-span-processor.js";
import { simpleProcessor } from "./opentelemetry/simple-processor.js";

/**
 * Run: 2.9.0, 2.12.1, and of 3.0.0 and 3.1.1 both copies. In 2.x those of `@opentelemetry/sdk-trace-base` extend these: what an
 * app makes of either is guarded.
 */
const sdk = { module: "@opentelemetry/sdk-trace", versions: ">=2.9.0 <4" } as const;

export const targets: readonly Target[] = [
  {
    ...sdk,
    file: "{dist,build/{src,esm,esnext}}/platform/node/export/BatchSpanProcessor.{js,cjs,mjs}",
    ...batchSpanProcessor,
  },
  {
    ...sdk,
    file: "{dist,build/{src,esm,esnext}}/export/SimpleSpanProcessor.{js,cjs,mjs}",
    export: "SimpleSpanProcessor",
    use: ["onEnd"],
    ...simpleProcessor,
  },
];
