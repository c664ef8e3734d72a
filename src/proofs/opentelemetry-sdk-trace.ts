import type { Exporter } from "./opentelemetry/exporter.js";
import { simpleScenario } from "./opentelemetry/simple-processor.js";
import { type BatchOptions, type Client, type Provider, scenariosOf, simpleSpans } from "./opentelemetry/spans.js";
import type { LoadClient, Proof, Scenario } from "./proof.js";

interface Package {
  TracerProvider: new (options: { spanProcessors: unknown[] }) => Provider;
  BatchSpanProcessor: new (options: BatchOptions & { exporter: Exporter<never> }) => unknown;
  SimpleSpanProcessor: new (options: {
    exporter: Exporter<never>;
  }) => {
    onEnd(span: object): void;
    shutdown(): Promise<void>;
  };
}

function clientOf({ TracerProvider, BatchSpanProcessor }: Package): Client {
  return (exporter, options) =>
    new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter, ...options })] });
}

const MODULE = "@opentelemetry/sdk-trace";

function scenariosOfCopy(copy: string, loadCopy: (load: LoadClient) => Promise<Package>): Scenario[] {
  return [
    ...scenariosOf(async (load) => clientOf(await loadCopy(load)), copy),
    simpleScenario(
      async (load) => {
        const { SimpleSpanProcessor } = await loadCopy(load);
        return simpleSpans((exporter) => new SimpleSpanProcessor({ exporter }));
      },
      { copy },
    ),
  ];
}

export const proof: Proof = {
  module: MODULE,
  scenarios: [
    ...scenariosOfCopy("CommonJS", async (load) => load.require(MODULE) as Package),
    ...scenariosOfCopy("ES module", async (load) => (await load.import(MODULE)) as Package),
  ],
};
