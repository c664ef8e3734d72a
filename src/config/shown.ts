/** A value as a problem line shows it: short, on one line. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value === undefined) return "nothing";
  // In JSON some are null.
  if (typeof value === "number") return String(value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Circular, or a bigint.
  }
  text ??= `a value of type ${typeof value}`;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
