import { setTimeout as delay } from "node:timers/promises";
import { type Exporter, exporterSink } from "./opentelemetry/exporter.js";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";

interface ResourceMetrics {
  scopeMetrics: { metrics: { descriptor: { name: string } }[] }[];
}

interface Provider {
  getMeter(name: string): { createCounter(name: string): { add(value: number): void } };
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

interface Package {
  MeterProvider: new (options: { readers: unknown[] }) => Provider;
  PeriodicExportingMetricReader: new (options: { exporter: Exporter<ResourceMetrics> }) => unknown;
}

type LoadCopy = (load: LoadClient) => Promise<Package>;

const COUNTERS = 10;
const LATENCY_MS = 100;

/** Records, and calls `settle` while a shutdown exports what was recorded. */
async function duringShutdown(
  { MeterProvider, PeriodicExportingMetricReader }: Package,
  settle: (provider: Provider) => Promise<void>,
): Promise<Outcome> {
  const sink = await exporterSink<ResourceMetrics>(
    ({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name)),
    { latencyMs: LATENCY_MS },
  );
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: sink.exporter })] });
  const meter = provider.getMeter("proof");
  try {
    for (let i = 0; i < COUNTERS; i++) meter.createCounter(sink.names.add(`counter.${i}`)).add(1);
    const shutdown = provider.shutdown();
    while (sink.http.requests.length === 0) await delay(1);
    await settle(provider);
    const outcome = sink.names.count();
    await shutdown;
    return outcome;
  } finally {
    await sink.http.close();
  }
}

function scenariosOf(loadCopy: LoadCopy, copy: string, versions = "*"): Scenario[] {
  return [
    {
      name: `a second shutdown() during a shutdown() (${copy})`,
      hazard: "close",
      versions,
      run: async (load) => duringShutdown(await loadCopy(load), (provider) => provider.shutdown()),
    },
    {
      name: `forceFlush() during a shutdown() (${copy})`,
      hazard: "early return",
      versions,
      run: async (load) => duringShutdown(await loadCopy(load), (provider) => provider.forceFlush()),
    },
  ];
}

export const proof: Proof = {
  module: "@opentelemetry/sdk-metrics",
  scenarios: [
    ...scenariosOf(async (load) => load.require("@opentelemetry/sdk-metrics") as Package, "CommonJS"),
    ...scenariosOf(
      async (load) => (await load.import("@opentelemetry/sdk-metrics")) as Package,
      "ES module",
      ">=3.0.0",
    ),
  ],
};
