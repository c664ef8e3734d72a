import { setTimeout as delay } from "node:timers/promises";
import type { LoadClient, Outcome, Scenario } from "../proof.js";
import { type Exporter, type ExporterSink, exporterSink } from "./exporter.js";

export interface BatchOptions {
  maxExportBatchSize: number;
  scheduledDelayMillis: number;
}

export interface Provider {
  getTracer(name: string): { startSpan(name: string): { end(): void } };
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Makes a provider whose one batch processor hands its spans to an exporter. */
export type Client = (exporter: Exporter<never>, options: BatchOptions) => Provider;

const SPANS = 60;
const LATENCY_MS = 100;

/** Ends the spans, and calls `settle` when an export of theirs is in flight. */
async function duringExport(
  client: Client,
  scheduledDelayMillis: number,
  begin: (provider: Provider) => Promise<void>,
  settle: (provider: Provider) => Promise<void>,
): Promise<Outcome> {
  const sink: ExporterSink<{ name: string }[]> = await exporterSink((spans) => spans.map(({ name }) => name), {
    latencyMs: LATENCY_MS,
  });
  const provider = client(sink.exporter, { maxExportBatchSize: 2 * SPANS, scheduledDelayMillis });
  const tracer = provider.getTracer("proof");
  try {
    for (let i = 0; i < SPANS; i++) tracer.startSpan(`span ${i}`).end();
    const begun = begin(provider);
    while (sink.http.requests.length === 0) await delay(1);
    await settle(provider);
    const outcome = sink.count(SPANS);
    await begun;
    return outcome;
  } finally {
    await sink.http.close();
  }
}

const inBackground = async (): Promise<void> => {};
const SOON_MS = 5;
const LATER_MS = 10_000;

/**
 * What the batch processors of all span packages must show.
 * @param copy which of the package's two copies, if it has two
 */
export function scenariosOf(load: (from: LoadClient) => Promise<Client>, copy?: string): Scenario[] {
  const named = (name: string): string => (copy === undefined ? name : `${name} (${copy})`);
  return [
    {
      name: named("forceFlush() during a background batch"),
      hazard: "early return",
      run: async (from) => duringExport(await load(from), SOON_MS, inBackground, (provider) => provider.forceFlush()),
    },
    {
      name: named("a second forceFlush() during a forceFlush()"),
      hazard: "early return",
      run: async (from) =>
        duringExport(
          await load(from),
          LATER_MS,
          (provider) => provider.forceFlush(),
          (provider) => provider.forceFlush(),
        ),
    },
    {
      name: named("shutdown() during a background batch"),
      hazard: "close",
      run: async (from) => duringExport(await load(from), SOON_MS, inBackground, (provider) => provider.shutdown()),
    },
    {
      name: named("shutdown() during a forceFlush()"),
      hazard: "close",
      run: async (from) =>
        duringExport(
          await load(from),
          LATER_MS,
          (provider) => provider.forceFlush(),
          (provider) => provider.shutdown(),
        ),
    },
  ];
}
