import { trace } from "@opentelemetry/api";
import * as traceloop from "@traceloop/node-server-sdk";

/** @param {string} baseUrl */
export function start(baseUrl) {
  traceloop.initialize({ baseUrl, apiKey: "proof", disableBatch: false, silenceInitializationMessage: true });
  const tracer = trace.getTracer("proof");
  return { record: (/** @type {string} */ name) => tracer.startSpan(name).end(), flush: () => traceloop.forceFlush() };
}
