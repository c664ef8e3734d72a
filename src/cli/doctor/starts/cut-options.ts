/** Options for Node that are not in quotes: the value ends at its first blank, but for `set` of Windows. */
const CUT =
  /(?<!\bset\s+)(?<!["'])\bNODE_OPTIONS=[^\s"'$;&|\\]+(?:\s+-[^\s"';&|]*)*?\s+[^\s"';&|]*flushguard[\w/.-]*\s*/g;

/** Options for Node that are in quotes twice: the inner ones are part of the value, and Node knows no such option. */
const QUOTED_TWICE =
  /\bNODE_OPTIONS["']?\s*[=:]\s*(["'])(?!\1)(["'])[^"']*\2\1\s*|(?<=(["']))NODE_OPTIONS=(?!\3)(["'])[^"']*\4(?=\3)/g;

/** A line of a shell or of a Dockerfile without what is set as options for Node and is none. */
export function withoutCutOptions(line: string): string {
  return withoutQuotedTwice(line.replace(CUT, ""));
}

export function withoutQuotedTwice(line: string): string {
  return line.replace(QUOTED_TWICE, "");
}
