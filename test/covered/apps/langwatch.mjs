import { trace } from "@opentelemetry/api";
import { FilterableBatchSpanProcessor, LangWatchTraceExporter } from "langwatch/observability";
import { setupObservability } from "langwatch/observability/node";

/** @param {string} endpoint */
export function start(endpoint) {
  const exporter = new LangWatchTraceExporter({ apiKey: "proof", endpoint });
  const processor = new FilterableBatchSpanProcessor(exporter, []);
  setupObservability({ langwatch: "disabled", spanProcessors: [processor] });
  const tracer = trace.getTracer("proof");
  return { record: (/** @type {string} */ name) => tracer.startSpan(name).end(), flush: () => processor.forceFlush() };
}
