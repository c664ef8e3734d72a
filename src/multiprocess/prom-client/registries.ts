import type { Metric, Registry } from "./shapes.js";

/**
 * Knows in which registries metrics are. A metric names those that it was made for; it does not know which have taken it since,
 * as `registerMetric()` and `Registry.merge()` have them do.
 */
export class Registries {
  /** One for each registry: an app may merge anew for every scrape. */
  readonly #references = new WeakMap<Registry, WeakRef<Registry>>();
  readonly #takers = new WeakMap<Metric, Set<WeakRef<Registry>>>();
  /** By registry that was merged from others, what it has of theirs. */
  readonly #borrowed = new WeakMap<Registry, WeakSet<Metric>>();

  /** A registry has taken a metric. */
  add(metric: Metric, registry: Registry): void {
    if (metric.registers?.includes(registry)) return;
    let reference = this.#references.get(registry);
    if (reference === undefined) {
      reference = new WeakRef(registry);
      this.#references.set(registry, reference);
    }
    const takers = this.#takers.get(metric) ?? new Set();
    for (const taker of takers) if (taker.deref() === undefined) takers.delete(taker);
    this.#takers.set(metric, takers.add(reference));
  }

  /** A registry was merged from others. An app may forget it at once, and nobody says when it is gone. */
  merged(registry: Registry): void {
    this.#borrowed.set(registry, new WeakSet(registry.getMetricsAsArray()));
  }

  /** Those that a metric is in or has been, those that it names first. */
  of(metric: Metric): Registry[] {
    const { registers = [] } = metric;
    return [...registers, ...[...(this.#takers.get(metric) ?? [])].flatMap((taker) => taker.deref() ?? [])];
  }

  /** Those that a metric is in. */
  holding(metric: Metric): Registry[] {
    return this.of(metric).filter((registry) => holds(registry, metric));
  }

  /** Those of them that have not borrowed it. */
  homesOf(metric: Metric): Registry[] {
    return this.holding(metric).filter((registry) => this.#borrowed.get(registry)?.has(metric) !== true);
  }
}

function holds(registry: Registry, metric: Metric): boolean {
  try {
    // A client may rename a metric that it has: https://github.com/siimon/prom-client/blob/v15.1.3/lib/registry.js#L85
    return registry.getSingleMetric(metric.name) === metric || registry.getMetricsAsArray().includes(metric);
  } catch {
    return false; // A registry of the app's own making.
  }
}
