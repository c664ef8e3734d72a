import { version } from "../../version.js";
import { BUCKETS, type Exposition, type FlushReading, HELP, type Readings } from "./readings.js";

// The parts of @opentelemetry/api that are used here, so that the package need not be there.

interface Attributes {
  [name: string]: string;
}

interface Observable {
  addCallback(callback: (result: { observe(value: number, attributes: Attributes): void }) => void): void;
  removeCallback(callback: unknown): void;
}

interface Histogram {
  record(value: number, attributes: Attributes): void;
}

interface Options {
  description: string;
  unit: string;
  advice?: { explicitBucketBoundaries: number[] };
}

interface Meter {
  createHistogram(name: string, options: Options): Histogram;
  createObservableCounter(name: string, options: Options): Observable;
  createObservableUpDownCounter(name: string, options: Options): Observable;
}

interface MeterProvider {
  getMeter(name: string, version?: string): Meter;
}

interface Api {
  metrics: { getMeterProvider(): MeterProvider };
}

/** Flushes that are kept for a provider that may never come. */
const MOST_EARLY = 1000;

type Rows = () => Iterable<readonly [value: number, attributes: Attributes]>;

/** Metrics through the meter provider that the app registers with its own copy of @opentelemetry/api. */
export class OpenTelemetryMetrics implements Exposition {
  readonly module = { name: "@opentelemetry/api", esm: true };
  /** Its copies share one provider, which one that is newer than the provider's does not see. */
  readonly #apis = new Set<Api>();
  #provider: MeterProvider | undefined;
  #durations: Histogram | undefined;
  /** Flushes that were over before the app had set up its provider: a short job has no others. */
  #early: FlushReading[] = [];
  readonly #undo: (() => void)[] = [];

  constructor(
    private readonly readings: Readings,
    private readonly outcome: "averted" | "seen",
  ) {}

  loaded(exports: unknown): void {
    if (isApi(exports)) this.#apis.add(exports);
  }

  refresh(): void {
    const provider = this.#registered();
    if (provider === undefined || provider === this.#provider) return;
    this.stop();
    this.#provider = provider;
    this.#create(provider.getMeter("flushguard", version()));
    if (isNoop(provider)) return;
    for (const flush of this.#early.splice(0)) this.#record(flush);
  }

  beforeFlush(): void {
    this.refresh();
  }

  flushed(flush: FlushReading): void {
    // The app may set up its provider, and shut it down, between two looks at it.
    this.refresh();
    if (this.#provider !== undefined && !isNoop(this.#provider)) this.#record(flush);
    else if (this.#early.length < MOST_EARLY) this.#early.push(flush);
  }

  #record({ target, method, seconds, errorType }: FlushReading): void {
    const attributes = { "flushguard.target": target, "flushguard.method": method };
    this.#durations?.record(seconds, errorType === undefined ? attributes : { ...attributes, "error.type": errorType });
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#provider = undefined;
    this.#durations = undefined;
  }

  /** The app's provider; before there is one, the API's own that does nothing. */
  #registered(): MeterProvider | undefined {
    const providers = Array.from(this.#apis, ({ metrics }) => metrics.getMeterProvider());
    return providers.find((provider) => !isNoop(provider)) ?? providers[0];
  }

  #create(meter: Meter): void {
    const { readings, outcome } = this;
    this.#observe(
      meter.createObservableCounter(`flushguard.hazards.${outcome}`, {
        description: HELP[outcome],
        unit: "{record}",
      }),
      () =>
        Array.from(readings.hazards, ({ target, hazard, count }) => [
          count,
          { "flushguard.target": target, "flushguard.hazard": hazard },
        ]),
    );
    this.#durations = meter.createHistogram("flushguard.flush.duration", {
      description: HELP.duration,
      unit: "s",
      advice: { explicitBucketBoundaries: BUCKETS },
    });
    const perTarget = (value: "held" | "timeouts" | "patched"): Rows => {
      return () => readings.targets().map((reading) => [reading[value], { "flushguard.target": reading.target }]);
    };
    const counter = meter.createObservableCounter("flushguard.flush.timeouts", {
      description: HELP.timeouts,
      unit: "{flush}",
    });
    this.#observe(counter, perTarget("timeouts"));
    const held = meter.createObservableUpDownCounter("flushguard.records.held", {
      description: HELP.held,
      unit: "{record}",
    });
    this.#observe(held, perTarget("held"));
    const patched = meter.createObservableUpDownCounter("flushguard.targets.patched", {
      description: HELP.patched,
      unit: "{class}",
    });
    this.#observe(patched, perTarget("patched"));
  }

  #observe(instrument: Observable, rows: Rows): void {
    const callback: Parameters<Observable["addCallback"]>[0] = (result) => {
      for (const [value, attributes] of rows()) result.observe(value, attributes);
    };
    instrument.addCallback(callback);
    this.#undo.push(() => instrument.removeCallback(callback));
  }
}

function isNoop(provider: MeterProvider): boolean {
  return provider.constructor.name === "NoopMeterProvider";
}

function isApi(exports: unknown): exports is Api {
  const { metrics } = (exports ?? {}) as Partial<Api>;
  return typeof metrics?.getMeterProvider === "function";
}
