/**
 * Labels in the text format, sorted by name: the key of a series in all processes.
 * @param defaults of the registry, where the labels have none of the name
 */
export function labelText(labels: Record<string, unknown>, defaults: Record<string, unknown> = {}): string {
  const all = { ...defaults, ...labels };
  return Object.keys(all)
    .sort()
    .map((name) => `${name}="${escaped(String(all[name]))}"`)
    .join();
}

function escaped(value: string): string {
  if (!/["\\\n]/.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
