import type { Exemplar } from "../family.js";

function valueText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

/** `name{labels} value`, as both formats have it. */
export function sampleText(name: string, labels: string, value: number): string {
  return labels === "" ? `${name} ${valueText(value)}` : `${name}{${labels}} ${valueText(value)}`;
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
