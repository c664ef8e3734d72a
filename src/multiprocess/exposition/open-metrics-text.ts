import type { Family } from "../family.js";
import type { Slices } from "../slices.js";
import { escapeHelp, exemplarText } from "./line.js";
import { Lines } from "./lines.js";

/** The only samples that may have an exemplar. */
const EXEMPLARY = /_(?:total|bucket)$/;

/**
 * OpenMetrics 1.0. A counter is named without `_total` and its samples with it, whatever the app called it.
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
export function* openMetricsText(families: readonly Family[]): Slices<string> {
  const lines = new Lines();
  for (const { name, help, type, samples } of families) {
    const counter = type === "counter";
    const family = counter ? name.replace(/_total$/, "") : name;
    if (help !== "") lines.add(`# HELP ${family} ${escapeHelp(help).replaceAll('"', '\\"')}`);
    lines.add(`# TYPE ${family} ${type === "untyped" ? "unknown" : type}`);
    for (const sample of samples.inPlace?.() ?? samples) {
      const { name, exemplar } = sample;
      const shown = counter ? `${family}_total` : name;
      const example = exemplar !== undefined && EXEMPLARY.test(shown) ? exemplarText(exemplar) : "";
      if (lines.addSample(shown, sample, undefined, example)) yield;
    }
  }
  lines.add("# EOF");
  return lines.end();
}
