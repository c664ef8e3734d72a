import { joined, type Layered, type Line, plainLines, type Scope } from "./scopes.js";

/** A word of a list of variables, with what is quoted in it. */
const WORD = /(?:[^\s"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g;

/** Variables without the words that set none: what stands behind a blank, unless that is in quotes. */
function settingsOnly(text: string): string {
  if (!/^\s*Environment\s*=/.test(text)) return text;
  const [, key = "", value = ""] = /^([^=]*=)([\s\S]*)$/.exec(text) ?? [];
  return `${key}${(value.match(WORD) ?? []).filter((word) => /^["']?\w+=/.test(word)).join(" ")}`;
}

/** A unit of systemd with its drop-ins: an empty value takes away what was set before. */
export function unit({ content, over }: Layered): Scope[] {
  const dropIns = over.flatMap(({ file, content }) => joined(plainLines(content)).map((line) => ({ ...line, file })));
  const lines: Line[] = [];
  for (const line of [...joined(plainLines(content)), ...dropIns]) {
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*)$/.exec(line.text) ?? [];
    if (value !== "") lines.push({ ...line, text: settingsOnly(line.text) });
    else for (const old of lines) if (old.text.trimStart().startsWith(`${key}=`)) old.text = "";
  }
  return [lines];
}
