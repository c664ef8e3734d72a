import type { Target } from "../target.js";
import { batchSpanProcessor } from "./opentelemetry/batch-span-processor.js";

/**
 * Run: 1.0.0, 1.30.1, 2.0.0, 2.8.0, 2.12.1. Read: those and 2.9.0. From 2.9.0 on the class extends one of
 * `@opentelemetry/sdk-trace`, whose 2.x releases are made for this package; it is this class that apps get.
 */
export const target: Target = {
  module: "@opentelemetry/sdk-trace-base",
  versions: ">=1.0.0 <3",
  file: "build/{src,esm,esnext}/{platform/node/export/BatchSpanProcessor,BatchSpanProcessor-shim}.js",
  ...batchSpanProcessor,
};
