import type { Family } from "../family.js";
import { escapeHelp, sampleText } from "./line.js";

/**
 * Text format 0.0.4. It has no exemplars.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function prometheusText(families: readonly Family[]): string {
  let text = "";
  for (const { name, help, type, samples } of families) {
    if (help !== "") text += `# HELP ${name} ${escapeHelp(help)}\n`;
    text += `# TYPE ${name} ${type}\n`;
    for (const sample of samples) text += `${sampleText(sample.name, sample.labels, sample.value)}\n`;
  }
  return text;
}
