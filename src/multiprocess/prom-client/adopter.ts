import { isDeepStrictEqual } from "node:util";
import { log } from "../../log.js";
import { reasonOf } from "../../reason-of.js";
import { now, queueMicrotask } from "../../timers.js";
import { type Meta, modeOf, withMode } from "../meta.js";
import type { Store } from "../store/store.js";
import { Adopted } from "./adopted.js";
import { Registries } from "./registries.js";
import type { Metric, Registry, Value } from "./shapes.js";
import { SharedNames } from "./shared-names.js";

type Prototype = object;

/** Knows the metrics of this process, and brings what apps do to them into the store. */
export class Adopter {
  readonly store: Store;
  /** When the callbacks of all metrics were last called, as `now()` has it. */
  calledAtMs = 0;
  readonly #types = new Map<Prototype, Meta["type"]>();
  readonly #defaults = new WeakSet<Registry>();
  /** Those that the series of a registry have. */
  readonly #defaultLabels = new WeakMap<Registry, [string, unknown][]>();
  /** By the default registry of a copy of the client, those whose metrics are in `clusterMetrics()` in its place. */
  readonly #aggregated = new Map<Registry | undefined, readonly Registry[]>();
  readonly #adopted = new WeakMap<Metric, Adopted>();
  /** Not to be told of again. */
  readonly #refused = new WeakSet<Metric>();
  readonly #registries = new Registries();
  readonly #names = new SharedNames();
  /** To stop them; they belong to their metrics. */
  readonly #all = new Set<WeakRef<Adopted>>();
  #registered: Metric[] = [];
  #touched: Adopted[] = [];

  constructor(store: Store) {
    this.store = store;
    store.beforeFlush = () => this.#bringIn();
  }

  /** Metrics with this prototype are of this type: those of prom-client 14 do not say. */
  addType(prototype: Prototype, type: Meta["type"]): void {
    this.#types.set(prototype, type);
  }

  addDefaultRegistry(registry: Registry): void {
    this.#defaults.add(registry);
    for (const metric of registry.getMetricsAsArray()) this.register(metric, registry);
  }

  isDefault(registry: Registry): boolean {
    return this.#defaults.has(registry);
  }

  /** A metric is not complete when it registers itself: it is adopted as soon as what makes it has returned to the event loop. */
  register(metric: Metric, registry: Registry): void {
    this.#registries.add(metric, registry);
    if (this.#registered.push(metric) === 1) queueMicrotask(() => this.#adoptRegistered());
    this.store.schedule();
  }

  /** A registry has let go of metrics. Never throws, like all that runs inside the methods of the client. */
  unregister(metrics: readonly Metric[]): void {
    this.#adoptRegistered();
    for (const metric of metrics) this.#attempt(metric, () => this.#adopt(metric));
  }

  /** A registry was merged from others. */
  merged(registry: Registry): void {
    this.#registries.merged(registry);
  }

  /** Its default labels have changed. */
  relabel(registry: Registry): void {
    this.#defaultLabels.set(registry, defaultLabelsOf(registry));
    for (const metric of registry.getMetricsAsArray()) {
      const adopted = this.#adopted.get(metric);
      if (adopted?.registry === registry) adopted.relabel();
    }
  }

  /** The app may have changed them in the object that it has given. */
  lookAtDefaultLabels(registry: Registry): void {
    const before = this.#defaultLabels.get(registry) ?? [];
    if (!isDeepStrictEqual(before, defaultLabelsOf(registry))) this.relabel(registry);
  }

  /** These are now the registries whose metrics are in `clusterMetrics()`, in the place of the default one of their client. */
  aggregate(registries: readonly Registry[], insteadOf: Registry | undefined): void {
    this.#aggregated.set(insteadOf, registries);
    this.#adoptRegistered();
    for (const adopted of this.all()) adopted.setApart(this.#isApart(this.#registries.holding(adopted.metric)));
  }

  /** Calls the callbacks of all metrics that set their values when they are scraped. What one throws is not for the caller. */
  async callback(): Promise<void> {
    this.#adoptRegistered();
    this.calledAtMs = now();
    await Promise.allSettled([...this.all()].map(async ({ metric }) => metric.collect?.()));
    for (const adopted of this.all()) adopted.lookForManualChanges();
  }

  /**
   * Calls those of these metrics, and writes everything.
   * @returns what the summaries among them give, which has their quantiles
   */
  async collect(metrics: readonly Metric[]): Promise<Map<Metric, readonly Value[]>> {
    const summaries = new Map<Metric, readonly Value[]>();
    const asked = new Set(metrics);
    if ([...this.all()].every(({ metric }) => asked.has(metric))) this.calledAtMs = now();
    await Promise.all(
      metrics.map(async (metric) => {
        const adopted = this.#adopted.get(metric);
        if (adopted?.meta.type !== "summary" || metric.get === undefined) {
          await metric.collect?.();
          return;
        }
        summaries.set(metric, (await metric.get()).values);
        if (metric.pruneAgedBuckets === true) adopted.lookAgain();
      }),
    );
    for (const metric of metrics) this.#adopted.get(metric)?.lookForManualChanges();
    this.flush();
    return summaries;
  }

  /** @returns undefined for a metric that is none of the clients' own, or that its `aggregator` omits */
  adoptedOf(metric: Metric): Adopted | undefined {
    return this.#adopted.get(metric);
  }

  /** Those of its metrics that are in the directory. */
  sharedOf(registry: Registry): Metric[] {
    return registry.getMetricsAsArray().filter((metric) => this.#adopted.get(metric) !== undefined);
  }

  /** Whether it is no metric of the clients' own classes. */
  isForeign(metric: Metric): boolean {
    return this.#adopted.get(metric) === undefined && metric.aggregator !== "omit";
  }

  *all(): Generator<Adopted> {
    for (const reference of this.#all) {
      const adopted = reference.deref();
      if (adopted === undefined || !this.#adopted.has(adopted.metric)) this.#all.delete(reference);
      else yield adopted;
    }
  }

  /** Brings everything in and writes it. */
  flush(): void {
    this.#adoptRegistered();
    this.store.flush();
  }

  /** Begins to watch what `stop` has left. */
  start(): void {
    for (const adopted of this.all()) adopted.start();
  }

  stop(): void {
    this.flush();
    for (const adopted of this.all()) adopted.stop();
  }

  #bringIn(): void {
    this.#adoptRegistered();
    for (const adopted of this.#touched.splice(0)) {
      const { metric } = adopted;
      this.#attempt(metric, () => adopted.write());
    }
  }

  #adoptRegistered(): void {
    for (const metric of this.#registered.splice(0)) this.#attempt(metric, () => this.#adopt(metric));
    this.#names.tell();
  }

  /** One metric that cannot be shared must not keep the others from it. */
  #attempt(metric: Metric, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#adopted.get(metric)?.withdraw();
      this.#adopted.delete(metric);
      this.#refused.add(metric);
      log.warn(`${String(metric.name)}: ${reasonOf(error)}; this metric stays in its process`);
    }
  }

  /** Anew where it has come into another registry, or left one. */
  #adopt(metric: Metric): void {
    const registries = this.#registries.homesOf(metric);
    if (!this.#isAtHome(metric, registries)) this.#forget(metric);
    if (registries.length === 0) return;
    let adopted = this.#adopted.get(metric);
    if (adopted === undefined) {
      const meta = this.#refused.has(metric) ? undefined : this.#metaOf(metric, registries);
      if (meta === undefined) {
        this.#refused.add(metric);
        return;
      }
      adopted = new Adopted(metric, meta, registries[0], this.store, (touched) => {
        this.#touched.push(touched);
        this.store.schedule();
      });
      this.#adopted.set(metric, adopted);
      this.#all.add(new WeakRef(adopted));
    }
    adopted.start();
    adopted.setApart(this.#isApart(this.#registries.holding(metric)));
  }

  /** @param registries those that have not borrowed it */
  #isAtHome(metric: Metric, registries: readonly Registry[]): boolean {
    const adopted = this.#adopted.get(metric);
    if (adopted === undefined) return registries.length > 0;
    return adopted.registry === registries[0] && adopted.meta.registry === this.#kindOf(registries);
  }

  #forget(metric: Metric): void {
    this.#adopted.get(metric)?.withdraw();
    this.#adopted.delete(metric);
    this.#names.release(metric, this.#registries.of(metric));
  }

  /** @param registries those that a metric is in */
  #kindOf(registries: readonly Registry[]): Meta["registry"] {
    return registries.some((registry) => this.#defaults.has(registry)) ? undefined : "custom";
  }

  /** @param registries those that a metric is in */
  #isApart(registries: readonly Registry[]): boolean {
    const aggregated = this.#aggregated;
    const set = [...aggregated.values()].flat();
    const isWanted = (one: Registry) => set.includes(one) || (this.#defaults.has(one) && !aggregated.has(one));
    return !registries.some(isWanted);
  }

  #metaOf(metric: Metric, registries: readonly Registry[]): Meta | undefined {
    const type = this.#typeOf(metric);
    if (type === undefined || metric.aggregator === "omit") return undefined;
    const { name, help } = metric;
    if (metric.hashMap === undefined && typeof metric.store?.keyFrom !== "function") {
      log.warn(`${name}: found a metric of an unknown shape; this metric stays in its process`);
      return undefined;
    }
    const owner = registries.find((registry) => this.#defaults.has(registry)) ?? registries[0];
    const kind = this.#kindOf(registries);
    if (!this.#names.claim(metric, owner, kind ?? "default")) return undefined;
    return {
      name,
      help: String(help),
      type,
      ...this.#modeOf(metric, type),
      ...(type === "histogram" && { buckets: boundsOf(metric) }),
      ...(kind !== undefined && { registry: kind }),
    };
  }

  /** prom-client calls it the aggregator. */
  #modeOf({ name, aggregator = "sum" }: Metric, type: Meta["type"]): Pick<Meta, "mode"> {
    const mode = modeOf(type, aggregator);
    if (mode === undefined)
      log.warn(`${name}: found the aggregator "${aggregator}", expected one that can be applied to files; using sum`);
    return withMode(type, mode);
  }

  /** @returns undefined also where what it shows is not what it has recorded: it gives its values itself */
  #typeOf(metric: Metric): Meta["type"] | undefined {
    for (let object = metric; object !== null; object = Object.getPrototypeOf(object) as Metric) {
      const type = this.#types.get(object);
      if (type !== undefined) return metric.get === object.get ? type : undefined;
    }
    return undefined;
  }
}

function defaultLabelsOf({ _defaultLabels }: Registry): [string, unknown][] {
  return Object.entries(_defaultLabels ?? {});
}

/** The client takes bounds as they come. Files have each once and in order; what is above the last one is `+Inf`. */
function boundsOf({ upperBounds = [] }: Metric): number[] {
  return [...new Set(Array.from(upperBounds, Number))].filter(Number.isFinite).sort((a, b) => a - b);
}
