import type { Target } from "../target.js";
import { batchSpanProcessor } from "./opentelemetry/batch-span-processor.js";
import { simpleProcessor } from "./opentelemetry/simple-processor.js";

/**
 * Run: 1.0.0, 1.30.1, 2.0.0, 2.8.0, 2.12.1. Read: those and 2.9.0. From 2.9.0 on the class extends one of
 * `@opentelemetry/sdk-trace`, whose 2.x releases are made for this package; it is this class that apps get.
 */
const sdk = { module: "@opentelemetry/sdk-trace-base", versions: ">=1.0.0 <3" } as const;

export const targets: readonly Target[] = [
  {
    ...sdk,
    file: "build/{src,esm,esnext}/{platform/node/export/BatchSpanProcessor,BatchSpanProcessor-shim}.js",
    ...batchSpanProcessor,
  },
  {
    ...sdk,
    file: "build/{src,esm,esnext}/{export/SimpleSpanProcessor,SimpleSpanProcessor-shim}.js",
    export: "SimpleSpanProcessor",
    use: ["onEnd"],
    ...simpleProcessor,
  },
];
