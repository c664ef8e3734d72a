import type { Family, Sample } from "../family.js";
import { escapeHelp, exemplarText, sampleText } from "./line.js";

/** The only samples that may have an exemplar. */
const EXEMPLARY = /_(?:total|bucket)$/;

function line(name: string, { labels, value, exemplar }: Sample): string {
  const text = sampleText(name, labels, value);
  return exemplar !== undefined && EXEMPLARY.test(name) ? text + exemplarText(exemplar) : text;
}

/**
 * OpenMetrics 1.0. A counter is named without `_total` and its samples with it, whatever the app called it.
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
export function openMetricsText(families: readonly Family[]): string {
  let text = "";
  for (const { name, help, type, samples } of families) {
    const counter = type === "counter";
    const family = counter ? name.replace(/_total$/, "") : name;
    if (help !== "") text += `# HELP ${family} ${escapeHelp(help).replaceAll('"', '\\"')}\n`;
    text += `# TYPE ${family} ${type === "untyped" ? "unknown" : type}\n`;
    for (const sample of samples) text += `${line(counter ? `${family}_total` : sample.name, sample)}\n`;
  }
  return `${text}# EOF\n`;
}
