import { register } from "@arizeai/phoenix-otel";

/** @param {string} url */
export function start(url) {
  const provider = register({ projectName: "proof", url, batch: true });
  const tracer = provider.getTracer("proof");
  return { record: (/** @type {string} */ name) => tracer.startSpan(name).end(), flush: () => provider.forceFlush() };
}
