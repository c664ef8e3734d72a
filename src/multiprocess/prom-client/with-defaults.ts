import type { Labels } from "../store/label-text.js";
import type { Metric, Registry } from "./shapes.js";

/** The labels of a series and the default ones of a registry, in the order of the client's text. */
export function withDefaults(labels: Labels, { getForPromString }: Metric, registry: Registry | undefined): Labels {
  const { _defaultLabels: defaults } = registry ?? {};
  if (defaults === undefined) return labels;
  if (getForPromString === undefined) return { ...labels, ...defaults, ...labels };
  // Of histograms from prom-client 15 on.
  const missing = Object.entries(defaults).filter(([name]) => !(name in labels));
  return { ...Object.fromEntries(missing), ...labels };
}
