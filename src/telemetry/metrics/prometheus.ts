import { log } from "../../log.js";
import { BUCKETS, type Exposition, type FlushReading, HELP, type Readings } from "./readings.js";

// The parts of prom-client that are used here, so that the package need not be there.

interface Metric {
  /** A registry in OpenMetrics' format takes `_total` off it, and keeps the metric under the name it had. */
  name: string;
  reset(): void;
}

interface Counter extends Metric {
  inc(labels: Labels, value: number): void;
}

interface Gauge extends Metric {
  set(labels: Labels, value: number): void;
}

interface Histogram extends Metric {
  observe(labels: Labels, value: number): void;
}

interface Labels {
  [name: string]: string;
}

type Rows = () => Iterable<readonly [labels: Labels, value: number]>;

interface Options<M> {
  name: string;
  help: string;
  labelNames: string[];
  registers: [];
  buckets?: number[];
  collect?(this: M): void;
}

interface Registry {
  getMetricsAsArray(): Metric[];
  getSingleMetric(name: string): Metric | undefined;
  registerMetric(metric: Metric): void;
  removeSingleMetric(name: string): void;
}

interface PromClient {
  register: Registry;
  Counter: new (options: Options<Counter>) => Counter;
  Gauge: new (options: Options<Gauge>) => Gauge;
  Histogram: new (options: Options<Histogram>) => Histogram;
}

/** The metrics in the default registry of one copy of prom-client. */
interface Registered {
  register: Registry;
  metrics: ReadonlyMap<string, Metric>;
  durations: Histogram;
}

/** Metrics in the default registry of the app's own prom-client, of every copy that it loads. */
export class PrometheusMetrics implements Exposition {
  readonly module = { name: "prom-client", esm: false };
  readonly #copies = new Map<Registry, Registered>();
  readonly #taken = new Set<string>();

  constructor(
    private readonly readings: Readings,
    private readonly outcome: "averted" | "seen",
  ) {}

  loaded(exports: unknown): void {
    if (isPromClient(exports) && !this.#copies.has(exports.register)) {
      this.#copies.set(exports.register, this.#create(exports));
    }
  }

  /** Registers what is not there: an app clears its registry, in tests above all. */
  refresh(): void {
    for (const { register, metrics } of this.#copies.values()) {
      const present = new Set(register.getMetricsAsArray());
      for (const [name, metric] of metrics) {
        if (present.has(metric)) continue;
        if (register.getSingleMetric(metric.name) === undefined) register.registerMetric(metric);
        else this.#leave(name);
      }
    }
  }

  flushed({ target, method, seconds, errorType }: FlushReading): void {
    const labels = errorType === undefined ? { target, method } : { target, method, error_type: errorType };
    for (const { durations } of this.#copies.values()) durations.observe(labels, seconds);
  }

  stop(): void {
    for (const { register, metrics } of this.#copies.values()) {
      for (const [name, metric] of metrics) {
        const kept = [name, metric.name].filter((key) => register.getSingleMetric(key) === metric);
        for (const key of kept) register.removeSingleMetric(key);
      }
    }
  }

  #leave(name: string): void {
    if (this.#taken.has(name)) return;
    this.#taken.add(name);
    log.warn(
      `the app has a metric ${name} of its own in prom-client's registry; it is left there, and ours is left out`,
    );
  }

  #create(client: PromClient): Registered {
    const { readings, outcome } = this;
    const perTarget = (value: "held" | "timeouts" | "patched"): Rows => {
      return () => readings.targets().map((reading) => [{ target: reading.target }, reading[value]]);
    };
    const durations = new client.Histogram({
      name: "flushguard_flush_duration_seconds",
      help: HELP.duration,
      labelNames: ["target", "method", "error_type"],
      registers: [],
      buckets: BUCKETS,
    });
    const metrics: Metric[] = [
      counter(client, `flushguard_hazards_${outcome}_total`, HELP[outcome], ["target", "hazard"], () =>
        Array.from(readings.hazards, ({ target, hazard, count }) => [{ target, hazard }, count]),
      ),
      durations,
      counter(client, "flushguard_flush_timeouts_total", HELP.timeouts, ["target"], perTarget("timeouts")),
      gauge(client, "flushguard_records_held", HELP.held, perTarget("held")),
      gauge(client, "flushguard_targets_patched", HELP.patched, perTarget("patched")),
    ];
    return { register: client.register, metrics: new Map(metrics.map((metric) => [metric.name, metric])), durations };
  }
}

/** What is shown is read when it is asked for. */
function counter({ Counter }: PromClient, name: string, help: string, labelNames: string[], rows: Rows): Counter {
  return new Counter({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset();
      for (const [labels, value] of rows()) this.inc(labels, value);
    },
  });
}

function gauge({ Gauge }: PromClient, name: string, help: string, rows: Rows): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: ["target"],
    registers: [],
    collect() {
      this.reset();
      for (const [labels, value] of rows()) this.set(labels, value);
    },
  });
}

function isPromClient(exports: unknown): exports is PromClient {
  const { register, Counter, Gauge, Histogram } = (exports ?? {}) as Partial<PromClient>;
  return (
    typeof register?.registerMetric === "function" &&
    [Counter, Gauge, Histogram].every((Metric) => typeof Metric === "function")
  );
}
