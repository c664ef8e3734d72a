import { withoutAliases } from "./aliases.js";

/** A line of a file, with those that continue it. */
export interface Line {
  text: string;
  /** Counted from 1. */
  number: number;
}

/** Lines that hold for one process: a service, a container, a stage of an image, an app of pm2. */
export type Scope = readonly Line[];

const COMMENT = /^\s*(?:#|\/\/|\/?\*|;)/;
/** What stands before a comment at the end of a line: it may have quotes, with a `#` in them. */
const BEFORE_COMMENT = /^((?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*'|["']|(?<=\S)#)*?\s)#.*$/;

function plainLines(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.replace(BEFORE_COMMENT, "$1"), number: index + 1 }))
    .filter((line) => !COMMENT.test(line.text));
}

/** Joins what ends in a backslash with what follows. */
function joined(lines: readonly Line[]): Line[] {
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

/** A unit of systemd: an empty value takes away what was set before. */
export function unit(text: string): Scope[] {
  const lines: Line[] = [];
  for (const line of joined(plainLines(text))) {
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*)$/.exec(line.text) ?? [];
    if (value !== "") lines.push(line);
    else for (const old of lines) if (old.text.trimStart().startsWith(`${key}=`)) old.text = "";
  }
  return [lines];
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

/** Each line is a process. */
export function byLine(text: string): Scope[] {
  return plainLines(text).map((line) => [line]);
}

/**
 * The stages that are run, with what they take over from those they are made from. Of two commands the later one counts.
 * @param targets names of stages that something builds; of an image without one of these, the last stage is run
 */
export function stages(text: string, targets: ReadonlySet<string>): Scope[] {
  const stages: Stage[] = [{ name: undefined, from: "", lines: [] }];
  for (const line of joined(plainLines(text))) {
    const [, from, name] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line.text) ?? [];
    if (from === undefined) stages.at(-1)?.lines.push(line);
    else stages.push({ name: name?.toLowerCase(), from: from.toLowerCase(), lines: [line] });
  }
  const built = stages.filter(({ name }) => name !== undefined && targets.has(name));
  return (built.length > 0 ? built : stages.slice(-1)).map((stage) => runIn(stage, stages));
}

interface Stage {
  name: string | undefined;
  from: string;
  lines: Line[];
}

function runIn(last: Stage, stages: readonly Stage[]): Scope {
  const all: Line[] = [];
  for (let stage: Stage | undefined = last; stage !== undefined; ) {
    all.unshift(...stage.lines);
    const { from }: Stage = stage;
    const before = stages.slice(0, stages.indexOf(stage));
    stage = before.findLast(({ name }) => name !== undefined && name === from);
  }
  const entry = all.findLast(({ text: line }) => /^\s*ENTRYPOINT\b/i.test(line));
  const command = all.findLast(({ text: line }) => /^\s*CMD\b/i.test(line));
  const others = all.filter(({ text: line }) => /^\s*(?:FROM|ENV)\b/i.test(line));
  return [...others, ...oneCommand(entry, command)];
}

/** An image runs its ENTRYPOINT with its CMD behind it, unless the former is a line for a shell. */
function oneCommand(entry: Line | undefined, command: Line | undefined): Line[] {
  if (entry === undefined || command === undefined) return [entry ?? command ?? []].flat();
  if (!/^\s*ENTRYPOINT\s*\[/i.test(entry.text)) return [entry];
  if (!/\bnode\b/.test(entry.text)) return [command];
  const behind = command.text.replace(/^\s*CMD\s*/i, "");
  return [{ text: `${entry.text.trimEnd()} ${behind.trim()}`, number: entry.number }];
}

const indentOf = (text: string) => /^\s*(?:-\s+)*/.exec(text)?.[0].length ?? 0;

/** The mapping that a line of YAML stands in, each key with what belongs to it. */
function mappingAround(lines: readonly Line[], index: number): Line[] {
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

function keysOf(lines: readonly Line[], indent: number): Line[] {
  const keys: Line[] = [];
  for (const { text, number } of lines) {
    const last = keys.at(-1);
    const isKey = indentOf(text) === indent && !(/^\s*-\s/.test(text) && last !== undefined);
    if (isKey || last === undefined) keys.push({ text, number });
    else last.text += `\n${text}`;
  }
  return keys.map(({ text, number }) => ({ text: text.trimEnd(), number }));
}

/** What is run in a container or before it, and is not what it is for. */
const BESIDE = /^\s*(?:-\s+)?(?:\w+Probe|lifecycle|initContainers|healthcheck)\s*:/;

/** Whether a line of YAML stands somewhere below one of these. */
function isBelow(lines: readonly Line[], index: number, key: RegExp): boolean {
  let indent = indentOf(lines[index]?.text ?? "");
  for (let at = index - 1; at >= 0 && indent > 0; at--) {
    const { text } = lines[at] as Line;
    if (text.trim() === "" || indentOf(text) >= indent) continue;
    if (key.test(text)) return true;
    indent = indentOf(text);
  }
  return false;
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
    if (!key.test(line.text) || isBelow(lines, index, BESIDE)) continue;
    const scope = mappingAround(lines, index);
    scopes.set(scope[0]?.number ?? 0, scope);
  }
  return [...scopes.values()];
}

/**
 * A scope for each object of JavaScript or JSON with one of these keys: the lines between its braces, without what is only
 * for an environment that is asked for by its name.
 */
export function objects(text: string, key: RegExp): Scope[] {
  const blocks = text.replace(/\/\*.*?\*\/|["']?env_\w+["']?\s*:\s*\{[^}]*\}/gs, (part) => part.replace(/[^\n]/g, " "));
  const lines = plainLines(blocks).map((line) => ({ ...line, text: line.text.replace(/\s\/\/.*$/, "") }));
  const code = lines.map((line) => line.text).join("\n");
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
  return all.filter((scope) => !OTHER_RUNTIME.test(scope.map((line) => line.text).join("\n")));
}

/** What a function runs. */
export const HANDLER = /^\s*(?:-\s+)?handler\s*:/i;
const OTHER_RUNTIME = /^\s*runtime\s*:\s*["']?(?!node)\w/im;
