import { setTimeout as delay } from "node:timers/promises";
import type { LoadClient, Outcome, Scenario } from "../proof.js";
import { type Exporter, type ExporterSink, exporterSink } from "./exporter.js";
import type { Simple } from "./simple-processor.js";

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

interface SpanProcessor {
  onEnd(span: object): void;
  shutdown(): Promise<void>;
}

/** A simple processor of spans. */
export function simpleSpans(make: (exporter: Exporter<never>) => SpanProcessor): Simple<SpanProcessor> {
  const spanContext = () => ({ traceFlags: 1 });
  return { make, give: (processor, name, resource) => processor.onEnd({ name, resource, spanContext }) };
}

const SPANS = 60;
const LATENCY_MS = 100;

const LATER_MS = 10_000;
const SOON_MS = 5;

interface App {
  provider: Provider;
  sink: ExporterSink<{ name: string }[]>;
  /** Ends this many spans, each with a name of its own. */
  end: (count: number) => void;
  /** Settles when an export is in flight. */
  exporting: () => Promise<void>;
}

/** @param scheduledDelayMillis after which the processor exports of its own accord */
async function withApp<T>(client: Client, scheduledDelayMillis: number, drive: (app: App) => Promise<T>): Promise<T> {
  const sink: App["sink"] = await exporterSink((spans) => spans.map(({ name }) => name), {
    latencyMs: LATENCY_MS,
  });
  const provider = client(sink.exporter, { maxExportBatchSize: 2 * SPANS, scheduledDelayMillis });
  const tracer = provider.getTracer("proof");
  try {
    return await drive({
      provider,
      sink,
      end: (count) => {
        for (let i = 0; i < count; i++) tracer.startSpan(sink.names.add(`span ${sink.names.size}`)).end();
      },
      exporting: async () => {
        while (sink.http.requests.length === 0) await delay(1);
      },
    });
  } finally {
    await sink.http.close();
  }
}

/** Calls `settle` while the processor exports of its own accord. */
function duringBatch(client: Client, settle: (provider: Provider) => Promise<void>): Promise<Outcome> {
  return withApp(client, SOON_MS, async ({ provider, sink, end, exporting }) => {
    end(SPANS);
    await exporting();
    await settle(provider);
    return sink.names.count();
  });
}

/** Calls `settle` while a forceFlush() is in flight. */
function duringFlush(client: Client, settle: (provider: Provider) => Promise<void>): Promise<Outcome> {
  return withApp(client, LATER_MS, async ({ provider, sink, end, exporting }) => {
    end(SPANS);
    const flushing = provider.forceFlush();
    await exporting();
    await settle(provider);
    const outcome = sink.names.count();
    await flushing;
    return outcome;
  });
}

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
      run: async (from) => duringBatch(await load(from), (provider) => provider.forceFlush()),
    },
    {
      name: named("a second forceFlush() during a forceFlush()"),
      hazard: "early return",
      run: async (from) => duringFlush(await load(from), (provider) => provider.forceFlush()),
    },
    {
      name: named("shutdown() during a background batch"),
      hazard: "close",
      run: async (from) => duringBatch(await load(from), (provider) => provider.shutdown()),
    },
    {
      name: named("shutdown() during a forceFlush()"),
      hazard: "close",
      run: async (from) => duringFlush(await load(from), (provider) => provider.shutdown()),
    },
  ];
}
