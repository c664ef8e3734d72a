import type { Exporter } from "./opentelemetry/exporter.js";
import { simpleScenario } from "./opentelemetry/simple-processor.js";
import { type BatchOptions, type Client, type Provider, scenariosOf, simpleSpans } from "./opentelemetry/spans.js";
import type { Proof } from "./proof.js";

interface Package {
  BasicTracerProvider: new (options: {
    spanProcessors: unknown[];
  }) => Provider & {
    /** Before 2.0. */
    addSpanProcessor?(processor: unknown): void;
  };
  BatchSpanProcessor: new (exporter: Exporter<never>, options: BatchOptions) => unknown;
  SimpleSpanProcessor: new (exporter: Exporter<never>) => { onEnd(span: object): void; shutdown(): Promise<void> };
}

const MODULE = "@opentelemetry/sdk-trace-base";

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
  module: MODULE,
  scenarios: [
    ...scenariosOf(async (load) => clientOf(load.require(MODULE) as Package)),
    simpleScenario(
      async (load) => {
        const { SimpleSpanProcessor } = load.require(MODULE) as Package;
        return simpleSpans((exporter) => new SimpleSpanProcessor(exporter));
      },
      // Before, attributes of a resource are not waited for.
      { versions: ">=1.12.0" },
    ),
  ],
};
