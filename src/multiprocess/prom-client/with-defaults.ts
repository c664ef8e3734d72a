import type { Meta } from "../meta.js";
import type { Labels } from "../store/label-text.js";
import type { Metric, Registry } from "./shapes.js";

/** What the buckets and the quantiles of a metric have of their own: no default label may be there twice. */
const RESERVED: Readonly<Record<string, string>> = { histogram: "le", summary: "quantile" };

/** The labels of a series and the default ones of a registry, in the order of the client's text. */
export function withDefaults(
  labels: Labels,
  { type }: Pick<Meta, "type">,
  { getForPromString }: Metric,
  registry: Registry | undefined,
): Labels {
  const defaults = Object.entries(registry?._defaultLabels ?? {}).filter(([name]) => name !== RESERVED[type]);
  if (defaults.length === 0) return labels;
  if (getForPromString === undefined) return { ...labels, ...Object.fromEntries(defaults), ...labels };
  // Of histograms from prom-client 15 on.
  return { ...Object.fromEntries(defaults.filter(([name]) => !(name in labels))), ...labels };
}
