import type { Families } from "../merge/families.js";
import type { Part } from "../merge/merge.js";
import { PartBuilder } from "../merge/part-builder.js";
import { type Meta, modeOf, withMode } from "../meta.js";
import { sortedLabelText } from "../store/label-text.js";
import type { EntryLabels } from "./shapes.js";

/** A metric as `getMetricsAsJSON()` gives it, from another process: nothing of it is sure. */
interface JsonMetric {
  name?: unknown;
  help?: unknown;
  type?: unknown;
  aggregator?: unknown;
  values?: unknown;
}

interface JsonValue {
  value?: unknown;
  labels?: EntryLabels;
  metricName?: unknown;
}

/**
 * @param registries what a worker has answered: for each of its registries its metrics
 * @param into what the series belong to
 */
export function partOf(registries: readonly unknown[], into: Families): Part {
  const builder = new PartBuilder(into);
  for (const metric of registries.flat() as (JsonMetric | null)[]) {
    if (metric === null || typeof metric !== "object" || !Array.isArray(metric.values)) continue;
    const meta = metaOf(metric);
    const values = (metric.values as (JsonValue | null)[]).filter((value): value is JsonValue => value !== null);
    if (meta?.type === "histogram") addHistogram(builder, meta, values);
    else if (meta?.type === "summary") addSummary(builder, meta, values);
    else if (meta !== undefined) addValues(builder, meta, values);
  }
  return builder.part;
}

function metaOf({ name, help, type, aggregator }: JsonMetric): Meta | undefined {
  if (typeof name !== "string" || aggregator === "omit") return undefined;
  if (type !== "counter" && type !== "histogram" && type !== "summary" && type !== "gauge") return undefined;
  return { name, help: String(help), type, ...withMode(type, modeOf(type, aggregator)) };
}

function addValues(builder: PartBuilder, meta: Meta, values: readonly JsonValue[]): void {
  const family = builder.family(meta);
  for (const { labels, value } of values) builder.series(family, sortedLabelText(labels ?? {}), [Number(value ?? NaN)]);
}

/** By their labels without the one that tells them apart. */
function grouped(
  values: readonly JsonValue[],
  without: string,
): Map<string, [labels: Record<string, unknown>, JsonValue[]]> {
  const groups = new Map<string, [Record<string, unknown>, JsonValue[]]>();
  for (const value of values) {
    const { [without]: _, ...labels } = value.labels ?? {};
    const { text } = sortedLabelText(labels);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [labels, [value]]);
    else group[1].push(value);
  }
  return groups;
}

function named(values: readonly JsonValue[], name: string): number {
  return Number(values.find(({ metricName }) => metricName === name)?.value ?? NaN);
}

function addSummary(builder: PartBuilder, meta: Meta, values: readonly JsonValue[]): void {
  const family = builder.family(meta);
  for (const [labels, parts] of grouped(values, "quantile").values()) {
    const numbers = [named(parts, `${meta.name}_sum`), named(parts, `${meta.name}_count`)];
    builder.series(family, sortedLabelText(labels), numbers);
  }
}

/** Its buckets count all below their bounds; ours each alone. */
function addHistogram(builder: PartBuilder, meta: Meta, values: readonly JsonValue[]): void {
  const groups = [...grouped(values, "le").values()];
  const bounds = values.map(({ labels }) => Number(labels?.le)).filter(Number.isFinite);
  const buckets = [...new Set(bounds)].sort((a, b) => a - b);
  const family = builder.family({ ...meta, buckets });
  for (const [labels, parts] of groups) {
    const below = new Map(parts.map(({ labels, value }) => [Number(labels?.le), Number(value)]));
    let last = 0;
    const numbers = buckets.map((bound) => {
      const now = below.get(bound) ?? last;
      const alone = now - last;
      last = now;
      return alone;
    });
    numbers.push(named(parts, `${meta.name}_count`) - last, named(parts, `${meta.name}_sum`));
    builder.series(family, sortedLabelText(labels), numbers);
  }
}
