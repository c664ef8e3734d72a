import { collect } from "../collect.js";
import { openMetricsText } from "../exposition/open-metrics-text.js";
import { prometheusText } from "../exposition/prometheus-text.js";
import type { Family } from "../family.js";
import { type Health, healthFamilies, nothingWrong } from "../merge/health.js";
import type { Meta } from "../meta.js";
import type { Adopter } from "./adopter.js";
import type { Metric, Registry } from "./shapes.js";

/**
 * What `register.metrics()` gives: for the default registry what is in the default registries of all processes, for others
 * the metrics that they have, of all processes. A metric that is not shared is shown as it is here.
 */
export async function mergedText(registry: Registry, adopter: Adopter, directory: string): Promise<string> {
  const shared = sharedMetrics(registry, adopter);
  const keys = new Set(shared.map((metric) => keyOf((adopter.adoptedOf(metric) as { meta: Meta }).meta)));
  const isDefault = adopter.isDefault(registry);
  const wanted = (meta: Meta) => keys.has(keyOf(meta)) || (isDefault && meta.registry === undefined);
  const { families, health } = await collect(directory, wanted);
  const shown = isDefault ? [...families, ...shownOf(health)] : families;
  return textOf(registry, shown, await unshared(registry, adopter));
}

/** What `clusterMetrics()` gives: everything that any process has. */
export async function clusterText(registry: Registry, directory: string): Promise<string> {
  const { families, health } = await collect(directory);
  return textOf(registry, [...families, ...shownOf(health)], []);
}

let somethingWasWrong = false;

/** Only where something is wrong, and from then on: a counter that comes and goes breaks `increase()`. */
function shownOf(health: Health): Family[] {
  somethingWasWrong ||= !nothingWrong(health);
  return somethingWasWrong ? healthFamilies(health) : [];
}

/** Those of its metrics that are in the directory. */
export function sharedMetrics(registry: Registry, adopter: Adopter): Metric[] {
  return registry.getMetricsAsArray().filter((metric) => adopter.adoptedOf(metric) !== undefined);
}

function keyOf({ name, registry }: Meta): string {
  return `${registry ?? ""} ${name}`;
}

/** Metrics of the app's own making, which only its own methods can write. Those that are to be omitted are. */
function unshared(registry: Registry, adopter: Adopter): Promise<string[]> {
  const alone = registry.getMetricsAsArray().filter((metric) => adopter.isForeign(metric));
  const write = registry.getMetricsAsString ?? registry.getMetricAsPrometheusString;
  return Promise.all(alone.map(async (metric) => (await write?.call(registry, metric)) ?? ""));
}

function textOf({ contentType }: Registry, families: readonly Family[], more: readonly string[]): string {
  const rest = more.map((text) => `${text}\n`).join("");
  if (contentType?.startsWith("application/openmetrics-text") !== true) return prometheusText(families) + rest;
  return `${openMetricsText(families).replace(/# EOF\n$/, "")}${rest}# EOF\n`;
}
