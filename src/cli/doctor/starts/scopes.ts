import { withoutAliases } from "./aliases.js";
import type { AppText } from "./app-files.js";
import { withoutCutOptions } from "./cut-options.js";
import { indentOf, mappingAround } from "./yaml-mapping.js";

/** What is in a file, and the files that are laid over it in their order. */
export interface Layered {
  content: string;
  over: readonly AppText[];
}

/** A line of a file, with those that continue it. */
export interface Line {
  text: string;
  /** Counted from 1. */
  number: number;
  /** Absent: the file that is read. Else one that is laid over it. */
  file?: string;
  /** A line above, of a command that this one goes on with. Absent: none. */
  lead?: string;
}

/** Lines that hold for one process: a service, a container, a stage of an image, an app of pm2. */
export type Scope = readonly Line[];

export function joinedText(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join("\n");
}

const COMMENT = /^\s*(?:#|\/\/|\/?\*|;)/;
/** What stands before a comment at the end of a line: it may have quotes, with a `#` in them. */
const BEFORE_COMMENT = /^((?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*'|["']|(?<=\S)#)*?\s)#.*$/;

/** The lines that are more than a comment. */
export function codeLines(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => !COMMENT.test(text));
}

/** A line up to its comment. */
export function withoutComment(line: Line): Line {
  return { ...line, text: line.text.replace(BEFORE_COMMENT, "$1") };
}

export function plainLines(text: string): Line[] {
  return codeLines(text).map(withoutComment);
}

/** Joins what ends in a backslash with what follows. */
export function joined(lines: readonly Line[]): Line[] {
  const all: Line[] = [];
  let open = false;
  for (const { text, number } of lines) {
    const last = all.at(-1);
    const part = text.replace(/\\\s*$/, " ");
    if (open && last !== undefined) last.text += part.trimStart();
    else all.push({ text: part, number });
    open = part !== text;
  }
  return all;
}

/** A file that is about one process. */
export function wholeFile(text: string): Scope[] {
  return [joined(plainLines(text))];
}

/** The programs of supervisord, each with what is set for all of them. */
export function programs(text: string): Scope[] {
  const sections: Line[][] = [[]];
  for (const line of plainLines(text)) {
    if (line.text.trimStart().startsWith("[")) sections.push([]);
    sections.at(-1)?.push(line);
  }
  const named = (name: RegExp) => sections.filter(([first]) => name.test(first?.text ?? ""));
  const shared = named(/^\s*\[supervisord\]/).flat();
  return named(/^\s*\[program:/).map((section) => [...shared, ...section]);
}

/** Each line is a process, with the variables of the files that are laid over it. */
export function byLine({ content, over }: Layered): Scope[] {
  const variables = over.flatMap(({ file, content }) => plainLines(content).map((line) => ({ ...line, file })));
  return plainLines(content).map((line) => [...variables, { ...line, text: withoutCutOptions(line.text) }]);
}

/** What is run in a container or before it, and is not what it is for, and what compose takes for no service. */
const BESIDE = /^(?:\s*(?:-\s+)?(?:\w+Probe|lifecycle|initContainers|healthcheck)|x-[\w.-]+)\s*:/;
const BEFORE = /^\s*initContainers\s*:/;
/** One of Kubernetes' containers that goes on beside the others, although it is started before them. */
const GOES_ON = /^\s*(?:-\s+)?restartPolicy\s*:\s*["']?Always\b/;

/** The line of one of these keys that a line of YAML stands below. Undefined: it does not. */
function keyAbove(lines: readonly Line[], index: number, key: RegExp): string | undefined {
  let indent = indentOf(lines[index]?.text ?? "");
  for (let at = index - 1; at >= 0 && indent > 0; at--) {
    const { text } = lines[at] as Line;
    if (text.trim() === "" || indentOf(text) >= indent) continue;
    if (key.test(text)) return text;
    indent = indentOf(text);
  }
  return undefined;
}

/** The lines without what a template may leave out of the preload. */
function withoutConditions(lines: readonly Line[]): Line[] {
  let depth = 0;
  return lines.filter(({ text }) => {
    if (/\{\{-?\s*(?:if|with|range)\b/.test(text)) depth++;
    if (/\{\{-?\s*end\b/.test(text)) depth--;
    return depth === 0 || !text.includes("flushguard");
  });
}

/** A scope for each mapping of YAML that has one of these keys. */
export function mappings(text: string, key: RegExp): Scope[] {
  const lines = withoutConditions(withoutAliases(plainLines(text)));
  const scopes = new Map<number, Scope>();
  for (const [index, line] of lines.entries()) {
    if (!key.test(line.text)) continue;
    const scope = mappingAround(lines, index);
    const above = keyAbove(lines, index, BESIDE);
    const isBeside = above !== undefined && !(BEFORE.test(above) && scope.some(({ text }) => GOES_ON.test(text)));
    if (isBeside) continue;
    scopes.set(scope[0]?.number ?? 0, scope);
  }
  return [...scopes.values()];
}

/** A scope for each object of JavaScript or JSON with one of these keys: the lines between its braces. */
export function objects(text: string, key: RegExp): Scope[] {
  const blocks = text.replace(/\/\*.*?\*\//gs, (part) => part.replace(/[^\n]/g, " "));
  const lines = plainLines(blocks).map((line) => ({ ...line, text: line.text.replace(/\s\/\/.*$/, "") }));
  const code = joinedText(lines);
  const offsets: number[] = [];
  let offset = 0;
  for (const line of lines) {
    offsets.push(offset);
    offset += line.text.length + 1;
  }
  const scopes = new Map<number, Scope>();
  for (const { index } of code.matchAll(new RegExp(key.source, "gm"))) {
    let depth = 0;
    let start = index;
    while (start > 0 && depth >= 0) {
      start--;
      if (code[start] === "}") depth++;
      if (code[start] === "{") depth--;
    }
    let end = index;
    for (depth = 0; end < code.length && depth >= 0; end++) {
      if (code[end] === "{") depth++;
      if (code[end] === "}") depth--;
    }
    const within = lines.flatMap((line, at): Line[] => {
      const from = offsets[at] as number;
      const part = line.text.slice(Math.max(0, start - from), Math.max(0, end - from));
      return part === "" ? [] : [{ text: part, number: line.number }];
    });
    scopes.set(start, within);
  }
  return [...scopes.values()];
}

/** The functions of a Serverless or SAM file, each with what is set for all of them. */
export function functions(text: string): Scope[] {
  const lines = withoutAliases(plainLines(text));
  const from = lines.findIndex((line) => /^(?:provider|Globals)\s*:/.test(line.text));
  const length = lines.slice(from + 1).findIndex((line) => /^\S/.test(line.text));
  const shared = from === -1 ? [] : lines.slice(from, length === -1 ? undefined : from + 1 + length);
  const handlers = mappings(text, HANDLER);
  const all = handlers.length === 0 ? [shared] : handlers.map((scope) => [...shared, ...scope]);
  return all.filter((scope) => !OTHER_RUNTIME.test(joinedText(scope)));
}

/** What a function runs. */
export const HANDLER = /^\s*(?:-\s+)?handler\s*:/i;
const OTHER_RUNTIME = /^\s*runtime\s*:\s*["']?(?!node)\w/im;
