import type { Exporter } from "./opentelemetry/exporter.js";
import { type BatchOptions, type Client, type Provider, scenariosOf } from "./opentelemetry/spans.js";
import type { Proof } from "./proof.js";

interface Package {
  TracerProvider: new (options: { spanProcessors: unknown[] }) => Provider;
  BatchSpanProcessor: new (options: BatchOptions & { exporter: Exporter<never> }) => unknown;
}

function clientOf({ TracerProvider, BatchSpanProcessor }: Package): Client {
  return (exporter, options) =>
    new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter, ...options })] });
}

export const proof: Proof = {
  module: "@opentelemetry/sdk-trace",
  scenarios: [
    ...scenariosOf(async (load) => clientOf(load.require("@opentelemetry/sdk-trace") as Package), "CommonJS"),
    ...scenariosOf(async (load) => clientOf((await load.import("@opentelemetry/sdk-trace")) as Package), "ES module"),
  ],
};
