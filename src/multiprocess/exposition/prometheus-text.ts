import type { Family } from "../family.js";
import type { Slices } from "../slices.js";
import { escapeHelp } from "./line.js";
import { Lines } from "./lines.js";

/**
 * Text format 0.0.4. It has no exemplars.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export function* prometheusText(families: readonly Family[]): Slices<string> {
  const lines = new Lines();
  for (const { name, help, type, samples } of families) {
    if (help !== "") lines.add(`# HELP ${name} ${escapeHelp(help)}`);
    lines.add(`# TYPE ${name} ${type}`);
    for (const sample of samples.inPlace?.() ?? samples) if (lines.addSample(sample.name, sample)) yield;
  }
  return lines.end();
}
