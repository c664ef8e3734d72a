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
  return [withVariables(lines)];
}

/** Commands with the variables that the unit sets: `${A}` is one word whatever is in it, so of several it is no option. */
function withVariables(lines: readonly Line[]): Line[] {
  const known = new Map(
    lines.filter(({ text }) => /^\s*Environment\s*=/.test(text)).flatMap(({ text }) => settingsIn(text)),
  );
  return lines.map((line) => {
    if (!/^\s*ExecStart\s*=/.test(line.text)) return line;
    const text = line.text.replace(/\$(\w+)|\$\{(\w+)\}/g, (reference, bare, inBraces) => {
      const value = known.get(bare ?? inBraces);
      if (value === undefined) return reference;
      return inBraces !== undefined && /\s/.test(value) ? "" : value;
    });
    return { ...line, text };
  });
}

function settingsIn(text: string): [string, string][] {
  const [, value = ""] = /^[^=]*=([\s\S]*)$/.exec(text) ?? [];
  return (value.match(WORD) ?? []).flatMap((word): [string, string][] => {
    const [, name, set = ""] = /^(\w+)=([\s\S]*)$/.exec(word.replace(/^(["'])([\s\S]*)\1$/, "$2")) ?? [];
    return name === undefined ? [] : [[name, set.replace(/^(["'])([\s\S]*)\1$/, "$2")]];
  });
}
