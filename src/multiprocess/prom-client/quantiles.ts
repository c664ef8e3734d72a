import type { Family, Sample } from "../family.js";
import { labelText } from "../store/label-text.js";
import type { Adopted } from "./adopted.js";
import type { Value } from "./shapes.js";
import { withDefaults } from "./with-defaults.js";

/**
 * A summary with the quantiles that this process has of it: those of several processes cannot be added up, so they are shown
 * where no other process that lives has the summary.
 * @param values what the metric gives
 */
export function withQuantiles(family: Family, { meta, metric, registry }: Adopted, values: readonly Value[]): Family {
  const quantiles = new Map<string, Sample[]>();
  for (const { labels, value } of values) {
    const { quantile, ...own } = labels ?? {};
    if (quantile === undefined) continue;
    const all = withDefaults(own, meta, metric, registry);
    const key = labelText(all);
    const sample = { name: family.name, labels: labelText({ quantile, ...all }), value };
    const others = quantiles.get(key);
    if (others === undefined) quantiles.set(key, [sample]);
    else others.push(sample);
  }
  const isFirst = ({ name }: Sample) => name.endsWith("_sum");
  const samples = Array.from(family.samples).flatMap((sample) =>
    isFirst(sample) ? [...(quantiles.get(sample.labels) ?? []), sample] : sample,
  );
  return { ...family, samples };
}
