import type { Line } from "./scopes.js";

const ALIAS = /^(\s*(?:-\s+)?(?:[\w"'.-]+|<<)\s*:)\s*\*([\w.-]+)\s*$/;
const indentOf = (text: string) => /^\s*/.exec(text)?.[0].length ?? 0;

/** YAML with the text of each anchor where an alias names it, at the lines of the alias. */
export function withoutAliases(lines: readonly Line[]): Line[] {
  return lines.flatMap(eachMerged).flatMap((line): Line[] => {
    const [, key = "", name] = ALIAS.exec(line.text) ?? [];
    const anchor = name === undefined ? undefined : anchored(lines, name);
    if (anchor === undefined) return [line];
    const isMerge = /<<\s*:$/.test(key);
    const indent = " ".repeat(indentOf(line.text) + (isMerge ? 0 : 2));
    const block = anchor.block.map((text) => ({ text: `${indent}${text}`, number: line.number }));
    return isMerge ? block : [{ text: `${key} ${anchor.value}`, number: line.number }, ...block];
  });
}

/** A line for each of several anchors that are merged: of two values the first one's counts. */
function eachMerged({ text, number }: Line): Line[] {
  const [, key = "", list] = /^(\s*<<\s*:)\s*\[([^\]]*)\]\s*$/.exec(text) ?? [];
  if (list === undefined) return [{ text, number }];
  return list
    .split(",")
    .reverse()
    .map((alias) => ({ text: `${key} ${alias.trim()}`, number }));
}

/** What stands behind an anchor, and below it without its indentation. */
function anchored(lines: readonly Line[], name: string): { value: string; block: string[] } | undefined {
  const anchor = new RegExp(`:\\s*&${name.replace(/[.]/g, "\\$&")}(?:\\s+(.*))?$`);
  const at = lines.findIndex(({ text }) => anchor.test(text));
  const first = lines[at];
  if (first === undefined) return undefined;
  const below = lines.slice(at + 1);
  const end = below.findIndex(({ text }) => text.trim() !== "" && indentOf(text) <= indentOf(first.text));
  const block = below.slice(0, end === -1 ? undefined : end).map(({ text }) => text);
  const indent = Math.min(...block.filter((text) => text.trim() !== "").map(indentOf));
  return { value: anchor.exec(first.text)?.[1] ?? "", block: block.map((text) => text.slice(indent)) };
}
