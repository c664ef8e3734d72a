import type { Exemplar } from "../family.js";

/** @param nan how NaN is written */
export function valueText(value: number, nan = "NaN"): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return nan;
  return value < 0 ? "-Inf" : "+Inf";
}

/** What stands behind the sample it is an example of. */
export function exemplarText({ labels, value, timestamp }: Exemplar): string {
  const when = timestamp === undefined ? "" : ` ${timestamp}`;
  return ` # {${labels}} ${valueText(value)}${when}`;
}

/** Backslashes and line breaks would end or change the line that a help text stands on. */
export function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
