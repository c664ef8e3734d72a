import { setTimeout as delay } from "node:timers/promises";
import { type Exporter, type ExporterSink, exporterSink } from "./opentelemetry/exporter.js";
import { type Simple, simpleScenario } from "./opentelemetry/simple-processor.js";
import type { LoadClient, Outcome, Proof, Scenario } from "./proof.js";

interface BatchOptions {
  maxExportBatchSize: number;
  scheduledDelayMillis: number;
}

interface Provider {
  getLogger(name: string): { emit(record: { body: string }): void };
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  /** Before 0.200.0. */
  addLogRecordProcessor?(processor: unknown): void;
}

interface Package {
  LoggerProvider: new (options: { processors: unknown[] }) => Provider;
  BatchLogRecordProcessor: new (exporter: Exporter<never>, options?: BatchOptions) => unknown;
  SimpleLogRecordProcessor: new (exporter: Exporter<never>) => LogProcessor;
}

interface LogProcessor {
  onEmit(record: object): void;
  shutdown(): Promise<void>;
}

function simpleLogs({ SimpleLogRecordProcessor }: Package): Simple<LogProcessor> {
  return {
    make: (exporter) => new SimpleLogRecordProcessor(Object.assign(exporter, { exporter })),
    give: (processor, name, resource) => processor.onEmit({ name, resource }),
  };
}

type LoadCopy = (load: LoadClient) => Promise<Package>;

interface App {
  provider: Provider;
  sink: ExporterSink<{ body: string }[]>;
  /** Emits this many records, each with a body of its own. */
  emit: (count: number) => void;
  /** Settles when an export is in flight. */
  exporting: () => Promise<void>;
  /** What has arrived by now. */
  count: () => Outcome;
}

const LATENCY_MS = 100;

async function withApp(
  { LoggerProvider, BatchLogRecordProcessor }: Package,
  options: BatchOptions,
  drive: (app: App) => Promise<Outcome>,
): Promise<Outcome> {
  const sink: App["sink"] = await exporterSink((records) => records.map(({ body }) => body), { latencyMs: LATENCY_MS });
  // Before 0.22 the exporter is an argument of its own, later it is one of the options.
  const exporter = Object.assign(sink.exporter, options, { exporter: sink.exporter });
  const processor = new BatchLogRecordProcessor(exporter, options);
  const provider = new LoggerProvider({ processors: [processor] });
  provider.addLogRecordProcessor?.(processor);
  const logger = provider.getLogger("proof");
  try {
    return await drive({
      provider,
      sink,
      emit: (count) => {
        for (let i = 0; i < count; i++) logger.emit({ body: sink.names.add(`record ${sink.names.size}`) });
      },
      exporting: async () => {
        while (sink.http.requests.length === 0) await delay(1);
      },
      count: () => sink.names.count(),
    });
  } finally {
    await sink.http.close();
  }
}

/** Nothing is exported but by a flush. */
const manual: BatchOptions = { maxExportBatchSize: 100, scheduledDelayMillis: 10_000 };

async function shutdownDuringFlush(client: Package): Promise<Outcome> {
  return withApp(client, { ...manual, maxExportBatchSize: 500 }, async ({ provider, emit, exporting, count }) => {
    emit(100);
    const flushing = provider.forceFlush();
    await exporting();
    emit(250);
    await provider.shutdown();
    await flushing;
    return count();
  });
}

async function secondFlush(client: Package): Promise<Outcome> {
  return withApp(client, { ...manual, maxExportBatchSize: 500 }, async ({ provider, emit, exporting, count }) => {
    emit(100);
    const flushing = provider.forceFlush();
    await exporting();
    await provider.forceFlush();
    const outcome = count();
    await flushing;
    return outcome;
  });
}

async function flushDuringBatch(client: Package): Promise<Outcome> {
  return withApp(client, { maxExportBatchSize: 500, scheduledDelayMillis: 5 }, async (app) => {
    app.emit(60);
    await app.exporting();
    await app.provider.forceFlush();
    return app.count();
  });
}

async function exporterRejects(client: Package): Promise<Outcome> {
  return withApp(client, { maxExportBatchSize: 10, scheduledDelayMillis: 5 }, async (app) => {
    const { provider, sink, emit, exporting, count } = app;
    const refusal = new Error("the exporter cannot be flushed");
    emit(10);
    await exporting();
    emit(25);
    sink.exporter.forceFlush = () => Promise.reject(refusal);
    const rejection = await provider.forceFlush().then(
      () => undefined,
      (error: unknown) => error,
    );
    sink.exporter.forceFlush = async () => {};
    await provider.forceFlush();
    while (sink.http.delivered.length === 0) await delay(1);
    const violations = rejection === refusal ? [] : [`forceFlush() gave ${String(rejection)}`];
    return { ...count(), violations };
  });
}

function scenariosOf(loadCopy: LoadCopy, copy: string, from: string): Scenario[] {
  return [
    {
      name: `a second forceFlush() during a forceFlush() (${copy})`,
      hazard: "early return",
      versions: from,
      run: async (load) => secondFlush(await loadCopy(load)),
    },
    {
      name: `shutdown() during a forceFlush() (${copy})`,
      hazard: "close",
      versions: `>=0.215.0 ${from}`,
      run: async (load) => shutdownDuringFlush(await loadCopy(load)),
    },
    {
      name: `a forceFlush() that the exporter rejects, then another (${copy})`,
      hazard: "failed send",
      versions: `>=0.215.0 ${from}`,
      run: async (load) => exporterRejects(await loadCopy(load)),
    },
    // Before, attributes of a resource are not waited for.
    simpleScenario(async (load) => simpleLogs(await loadCopy(load)), { copy, versions: `>=0.48.0 ${from}` }),
  ];
}

export const proof: Proof = {
  module: "@opentelemetry/sdk-logs",
  scenarios: [
    {
      name: "forceFlush() during a background batch",
      hazard: "early return",
      versions: "<0.215.0",
      run: async (load) => flushDuringBatch(load.require("@opentelemetry/sdk-logs") as Package),
    },
    ...scenariosOf(async (load) => load.require("@opentelemetry/sdk-logs") as Package, "CommonJS", ">=0.39.1"),
    ...scenariosOf(async (load) => (await load.import("@opentelemetry/sdk-logs")) as Package, "ES module", ">=3.0.0"),
  ],
};
