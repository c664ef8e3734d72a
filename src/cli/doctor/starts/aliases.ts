import type { Line } from "./scopes.js";
import { indentOf, keysOf, mappingAround } from "./yaml-mapping.js";

/** A key, or an item of a list, with the alias that is its value; several where they are merged. */
const ALIAS = /^((?:\s*(?:-\s+)?(?:[\w.-]+|<<)\s*:|\s*-)\s*)(\*[\w.-]+|\[\s*\*[^\]]*\])\s*$/;
const NAME = /\*([\w.-]+)/g;
const ANCHOR = /^((?:\s*(?:-\s+)?[\w.-]+\s*:|\s*-)\s+)&([\w.-]+)(?:\s+|$)/;
const blanksOf = (text: string) => /^\s*/.exec(text)?.[0].length ?? 0;
const MERGE = /<<\s*:\s*$/;
const keyOf = ({ text }: Line) => /^\s*(?:-\s+)?([\w.-]+)\s*:/.exec(text)?.[1];

interface Anchored {
  /** What stands behind the anchor. */
  value: string;
  /** The lines below it, without their indentation. */
  block: readonly string[];
}

/** YAML with the text of each anchor where an alias names it, at the lines of the alias. A mapping's own keys replace those that are merged into it. */
export function withoutAliases(lines: readonly Line[], known: ReadonlyMap<string, Anchored> = new Map()): Line[] {
  const anchors = new Map(known);
  return lines.flatMap((line, index) => {
    const name = ANCHOR.exec(line.text)?.[2];
    if (name !== undefined) anchors.set(name, anchored(lines, index, anchors));
    return atAlias(lines, index, anchors);
  });
}

/** A line, with the text of the anchors that it names, as far as these are known. */
function atAlias(lines: readonly Line[], index: number, anchors: ReadonlyMap<string, Anchored>): Line[] {
  const { text, number } = lines[index] as Line;
  const [, key = "", aliases = ""] = ALIAS.exec(text) ?? [];
  const named = Array.from(aliases.matchAll(NAME), ([, name = ""]) => anchors.get(name) ?? []).flat();
  const [first] = named;
  if (first === undefined) return [{ number, text: text.replace(ANCHOR, "$1") }];
  const at = (text: string): Line => ({ text, number });
  if (MERGE.test(key)) {
    const own = mappingAround(lines, index).flatMap((line) => keyOf(line) ?? []);
    const indent = " ".repeat(indentOf(text));
    return [at(key), ...merged(named, own).map((line) => at(`${indent}${line}`))];
  }
  const isItem = !key.includes(":");
  const [begun = "", ...rest] = isItem && first.value === "" ? first.block : [first.value, ...first.block];
  const indent = " ".repeat(isItem ? key.length : indentOf(text) + 2);
  return [at(`${key}${key.endsWith(" ") ? "" : " "}${begun}`), ...rest.map((line) => at(`${indent}${line}`))];
}

/** The lines that are merged into a mapping with keys of its own: of two values the first one's counts. */
function merged(all: readonly Anchored[], own: readonly string[]): string[] {
  const taken = new Set(own);
  return all.flatMap(({ block }) => {
    const keys = keysOf(
      block.map((text) => ({ text, number: 0 })),
      0,
    );
    const kept = keys.filter((line) => !taken.has(keyOf(line) ?? ""));
    for (const line of kept) taken.add(keyOf(line) ?? "");
    return kept.flatMap(({ text }) => text.split("\n"));
  });
}

/** What stands behind an anchor and below it, where the anchors before it are known. */
function anchored(lines: readonly Line[], index: number, anchors: ReadonlyMap<string, Anchored>): Anchored {
  const { text } = lines[index] as Line;
  const after = lines.slice(index + 1);
  const end = after.findIndex((line) => line.text.trim() !== "" && blanksOf(line.text) <= blanksOf(text));
  const block = withoutAliases(after.slice(0, end === -1 ? undefined : end), anchors).map((line) => line.text);
  const least = Math.min(...block.filter((line) => line.trim() !== "").map(blanksOf));
  return { value: text.replace(ANCHOR, ""), block: block.map((line) => line.slice(least)) };
}
