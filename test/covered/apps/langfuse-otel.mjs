import { LangfuseSpanProcessor } from "@langfuse/otel";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

/** @param {string} baseUrl */
export function start(baseUrl) {
  const processor = new LangfuseSpanProcessor({
    publicKey: "proof",
    secretKey: "proof",
    baseUrl,
    flushAt: 10,
    shouldExportSpan: () => true,
  });
  const tracer = new NodeTracerProvider({ spanProcessors: [processor] }).getTracer("proof");
  return { record: (/** @type {string} */ name) => tracer.startSpan(name).end(), flush: () => processor.forceFlush() };
}
