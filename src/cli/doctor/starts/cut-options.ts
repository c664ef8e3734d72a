/** Options for Node that are not in quotes: the value ends at its first blank, but for `set` of Windows. */
const CUT =
  /(?<!\bset\s+)(?<!["'])\bNODE_OPTIONS=[^\s"'$;&|\\]+(?:\s+-[^\s"';&|]*)*?\s+[^\s"';&|]*flushguard[\w/.-]*\s*/g;

/** A line of a shell or of a Dockerfile without options for Node that stand behind a blank and so are none. */
export function withoutCutOptions(line: string): string {
  return line.replace(CUT, "");
}
