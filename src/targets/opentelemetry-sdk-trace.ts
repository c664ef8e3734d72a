import type { Target } from "../target.js";
import { batchSpanProcessor } from "./opentelemetry/batch-span-processor.js";
import { simpleProcessor } from "./opentelemetry/simple-processor.js";

/**
 * Run: 3.0.0 and 3.1.1, both copies. The 2.x releases are the parts of `@opentelemetry/sdk-trace-base`, where they are
 * guarded.
 */
const sdk = { module: "@opentelemetry/sdk-trace", versions: ">=3.0.0 <4", unaffected: "<3" } as const;

export const targets: readonly Target[] = [
  { ...sdk, file: "dist/platform/node/export/BatchSpanProcessor.{cjs,mjs}", ...batchSpanProcessor },
  {
    ...sdk,
    file: "dist/export/SimpleSpanProcessor.{cjs,mjs}",
    export: "SimpleSpanProcessor",
    use: ["onEnd"],
    ...simpleProcessor,
  },
];
