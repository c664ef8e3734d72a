import type { Line } from "./scopes.js";

/** Where the first key or value of a line begins, behind the dashes of lists. */
export const indentOf = (text: string) => /^\s*(?:-\s+)*/.exec(text)?.[0].length ?? 0;

/** The mapping that a line of YAML stands in, each key with what belongs to it. */
export function mappingAround(lines: readonly Line[], index: number): Line[] {
  const indent = indentOf(lines[index]?.text ?? "");
  const isIn = ({ text }: Line) => text.trim() === "" || indentOf(text) >= indent;
  let start = index;
  while (start > 0 && isIn(lines[start] as Line) && !beginsItem(lines[start] as Line, indent)) start--;
  if (!isIn(lines[start] as Line)) start++;
  let end = index + 1;
  while (end < lines.length && isIn(lines[end] as Line) && !beginsItem(lines[end] as Line, indent)) end++;
  return keysOf(lines.slice(start, end), indent);
}

function beginsItem({ text }: Line, indent: number): boolean {
  return /^\s*-\s/.test(text) && indentOf(text) === indent;
}

/** Lines of a mapping, each key with what belongs to it. */
export function keysOf(lines: readonly Line[], indent: number): Line[] {
  const keys: Line[] = [];
  for (const { text, number } of lines) {
    const last = keys.at(-1);
    const isKey = indentOf(text) === indent && !(/^\s*-\s/.test(text) && last !== undefined);
    if (isKey || last === undefined) keys.push({ text, number });
    else last.text += `\n${text}`;
  }
  return keys.map(({ text, number }) => ({ text: text.trimEnd(), number }));
}

const QUOTED_KEY = /^(\s*(?:-\s+)*)(["'])([\w.<-]+)\2\s*:(?=\s|$)/;
const IS_IN_BRACES = /[{[,]\s*$/;

/** YAML without the quotes of its keys, but for those of mappings in braces. */
export function withPlainKeys(content: string): string {
  let before = "";
  const lines = content.split("\n").map((line) => {
    const isOfBlock = !IS_IN_BRACES.test(before);
    if (line.trim() !== "") before = line;
    return isOfBlock ? line.replace(QUOTED_KEY, "$1$3:") : line;
  });
  return lines.join("\n");
}
