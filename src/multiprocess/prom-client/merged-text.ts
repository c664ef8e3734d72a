import { collect } from "../collect.js";
import type { Family } from "../family.js";
import type { Others } from "../merge/collector.js";
import { type Health, healthFamilies, nothingWrong } from "../merge/health.js";
import type { Meta } from "../meta.js";
import { Turns } from "../slices.js";
import type { Adopted } from "./adopted.js";
import type { Adopter } from "./adopter.js";
import { ClientText } from "./client-text.js";
import { withQuantiles } from "./quantiles.js";
import type { Metric, Registry, Value } from "./shapes.js";

/**
 * What `register.metrics()` gives: for the default registry what is in the default registries of all processes, for others
 * the metrics that they have, of all processes. A metric that is not shared is shown as it is here. First are the metrics
 * that this process has, in its order.
 * @param summaries what those of this process give
 */
export async function mergedText(
  registry: Registry,
  adopter: Adopter,
  directory: string,
  summaries: ReadonlyMap<Metric, readonly Value[]>,
): Promise<string> {
  const shared = adopter.sharedOf(registry);
  const keys = new Set(shared.map((metric) => keyOf((adopter.adoptedOf(metric) as { meta: Meta }).meta)));
  const isDefault = adopter.isDefault(registry);
  const isWanted = (meta: Meta) => keys.has(keyOf(meta)) || (isDefault && meta.registry === undefined);
  const { families, health } = await collect(directory, isWanted);
  const others = new Map(families.map((family) => [family.name, family]));
  const text = new ClientText(registry.contentType);
  const turns = new Turns();
  for (const metric of registry.getMetricsAsArray()) {
    const adopted = adopter.adoptedOf(metric);
    const family = adopted === undefined ? undefined : others.get(adopted.meta.name);
    if (adopted !== undefined && family !== undefined) await turns.take(text.add(withOwn(family, adopted, summaries)));
    else if (adopter.isForeign(metric) || isAlone(health)) text.addText(await own(registry, metric));
    others.delete(adopted?.meta.name ?? metric.name);
  }
  for (const family of others.values()) await turns.take(text.add(family));
  if (isDefault) for (const family of shownOf(health)) await turns.take(text.add(family));
  return text.end();
}

/** What `clusterMetrics()` gives: what any process has in the registries that it wants there. */
export async function clusterText(registry: Registry, directory: string, others: Others): Promise<string> {
  const { families, health } = await collect(directory, (_, apart) => !apart, others);
  const shown = [...families, ...shownOf(health)];
  if (shown.length === 0) return "";
  const text = new ClientText(registry.contentType);
  const turns = new Turns();
  for (const family of shown) await turns.take(text.add(family));
  return text.end();
}

let somethingWasWrong = false;

/** Only where something is wrong, and from then on: a counter that comes and goes breaks `increase()`. */
function shownOf(health: Health): Family[] {
  somethingWasWrong ||= !nothingWrong(health);
  return somethingWasWrong ? healthFamilies(health) : [];
}

function keyOf({ name, registry }: Meta): string {
  return `${registry ?? ""} ${name}`;
}

function withOwn(family: Family, adopted: Adopted, summaries: ReadonlyMap<Metric, readonly Value[]>): Family {
  const values = summaries.get(adopted.metric);
  return values === undefined || (family.live ?? 0) > 1 ? family : withQuantiles(family, adopted, values);
}

/** Then what no aggregator adds up is right for all. */
function isAlone({ live, waiting, memory }: Health): boolean {
  return live + waiting + memory <= 1;
}

/** A metric of the app's own making, which only its own methods can write, or one that is to be omitted. */
async function own(registry: Registry, metric: Metric): Promise<string> {
  const write = registry.getMetricsAsString ?? registry.getMetricAsPrometheusString;
  return (await write?.call(registry, metric)) ?? "";
}
