import type { Exporter } from "./opentelemetry/exporter.js";
import { type BatchOptions, type Client, type Provider, scenariosOf } from "./opentelemetry/spans.js";
import type { Proof } from "./proof.js";

interface Package {
  BasicTracerProvider: new (options: {
    spanProcessors: unknown[];
  }) => Provider & {
    /** Before 2.0. */
    addSpanProcessor?(processor: unknown): void;
  };
  BatchSpanProcessor: new (exporter: Exporter<never>, options: BatchOptions) => unknown;
}

function clientOf({ BasicTracerProvider, BatchSpanProcessor }: Package): Client {
  return (exporter, options) => {
    const processor = new BatchSpanProcessor(exporter, options);
    if (BasicTracerProvider.prototype.addSpanProcessor === undefined) {
      return new BasicTracerProvider({ spanProcessors: [processor] });
    }
    const provider = new BasicTracerProvider({ spanProcessors: [] });
    provider.addSpanProcessor?.(processor);
    return provider;
  };
}

export const proof: Proof = {
  module: "@opentelemetry/sdk-trace-base",
  scenarios: scenariosOf(async (load) => clientOf(load.require("@opentelemetry/sdk-trace-base") as Package)),
};
