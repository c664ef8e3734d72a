import { withoutCutOptions } from "./cut-options.js";
import { expanded, expandedByShell } from "./expansion.js";
import { codeLines, joined, type Layered, type Line, type Scope, withoutComment } from "./scopes.js";
import { words } from "./shell.js";
import { withoutHereDocuments } from "./shell-lines.js";
import { type Setting, settingsOn } from "./variables.js";

interface Stage {
  name: string | undefined;
  from: string;
  lines: Line[];
}

/** The last stage, whatever its name is. */
export const LAST = "";

/** What continues a line where a directive on top says so, as on Windows. */
const BY_BACKTICK = /^(?:#.*\n)*?#\s*escape\s*=\s*`/i;

/**
 * The stages that are run, with what they take over from those they are made from. Of two commands the later one counts.
 * @param targets names of stages that something builds, `LAST` among them; of an image without one of these, the last stage is run
 */
export function stages({ content }: Layered, targets: ReadonlySet<string>): Scope[] {
  const first: Stage = { name: undefined, from: "", lines: [] };
  const stages = [first];
  const text = BY_BACKTICK.test(content) ? content.replace(/`[ \t]*$/gm, "\\") : content;
  for (const line of joined(withoutHereDocuments(codeLines(text))).map(asRead)) {
    const [, from, name] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line.text) ?? [];
    if (from === undefined) stages.at(-1)?.lines.push(line);
    else stages.push({ name: name?.toLowerCase(), from: from.toLowerCase(), lines: [line] });
  }
  const last = stages.slice(-1);
  const built = stages.filter(({ name }) => name !== undefined && targets.has(name));
  const run = targets.has(LAST) ? [...new Set([...built, ...last])] : built;
  return (run.length > 0 ? run : last).map((stage) => runIn(linesOf(stage, stages), first.lines));
}

/** A command that begins as a list does. */
const LIST = /^\s*(?:CMD|ENTRYPOINT)\s*(\[.*)$/is;
/** A list for a shell, which expands what is in it. */
const LIST_FOR_SHELL = /^\s*\w+\s*\[\s*"(?:\/bin\/)?(?:ba|a|da|z)?sh"\s*,\s*"-\w*c"/;

/** A command that is one word to a shell: it is in quotes, and has blanks. */
const ONE_WORD = /^\s*(?:CMD|ENTRYPOINT)\s+((["'])(?:(?!\2).)*\s(?:(?!\2).)*\2)\s*$/is;

/** A line as Docker reads it: what is not quite a list of JSON is for a shell, where it starts nothing. */
function asRead(line: Line): Line {
  const [, list] = LIST.exec(line.text) ?? [];
  const [, word] = ONE_WORD.exec(line.text) ?? [];
  if (list !== undefined && isList(list)) return line;
  const nothing = list ?? word;
  return nothing === undefined ? withoutComment(line) : { ...line, text: line.text.replace(nothing, ":") };
}

function isList(text: string): boolean {
  try {
    return JSON.parse(text).every((word: unknown) => typeof word === "string");
  } catch {
    return false;
  }
}

/** The lines of a stage, behind those of the stages that it is made from. */
function linesOf(last: Stage, stages: readonly Stage[]): Line[] {
  const all: Line[] = [];
  for (let stage: Stage | undefined = last; stage !== undefined; ) {
    all.unshift(...stage.lines);
    const { from }: Stage = stage;
    const before = stages.slice(0, stages.indexOf(stage));
    stage = before.findLast(({ name }) => name !== undefined && name === from);
  }
  return all;
}

/**
 * What is set in an image, and what it runs.
 * @param above the lines above every stage, where a stage finds what an `ARG` of its own leaves open
 */
function runIn(lines: readonly Line[], above: readonly Line[]): Scope {
  const all = withVariables(lines, new Map(above.flatMap(({ text }) => settingsOn(text))));
  const entry = all.findLast(({ text }) => /^\s*ENTRYPOINT\b/i.test(text));
  const command = all.findLast(({ text }) => /^\s*CMD\b/i.test(text));
  const others = all.filter(({ text }) => /^\s*(?:FROM|ENV)\b/i.test(text));
  return [...others, ...oneCommand(entry, command)];
}

/** The lines with the values of their variables: those of `ARG` are there for `ENV`, and no longer when the image runs. */
function withVariables(lines: readonly Line[], defaults: ReadonlyMap<string, string>): Line[] {
  const built = new Map<string, string>();
  const kept = new Map<string, string>();
  return lines.map((line) => {
    const [, instruction = ""] = /^\s*(\w+)/.exec(line.text) ?? [];
    if (/^ARG$/i.test(instruction)) {
      for (const name of words(line.text).slice(1)) built.set(name, defaults.get(name) ?? "");
      for (const [name, value] of settingsOn(line.text)) built.set(name, value);
    }
    const isSetting = /^ENV$/i.test(instruction);
    const isForShell =
      /^(?:CMD|ENTRYPOINT)$/i.test(instruction) && (!LIST.test(line.text) || LIST_FOR_SHELL.test(line.text));
    if (!isSetting && !isForShell) return line;
    // A blank behind a backslash is part of a value.
    const written = isSetting ? withoutCutOptions(line.text).replace(/\\(?=\s)/g, "") : line.text;
    const text = isSetting
      ? expanded(written, (name) => kept.get(name) ?? built.get(name))
      : expandedByShell(written, (name) => kept.get(name));
    if (isSetting) for (const [name, value] of settingsOfImage(text)) kept.set(name, value);
    return { ...line, text };
  });
}

/** `ENV A=b C=d`, or `ENV A b`. */
function settingsOfImage(text: string): Setting[] {
  const [, name, value] = /^\s*ENV\s+(\w+)\s+(.*)$/i.exec(text) ?? [];
  return name === undefined || value === undefined ? settingsOn(text) : [[name, value]];
}

/** An image runs its ENTRYPOINT with its CMD behind it, unless the former is a line for a shell. */
function oneCommand(entry: Line | undefined, command: Line | undefined): Line[] {
  if (entry === undefined || command === undefined) return [entry ?? command ?? []].flat();
  if (!/^\s*ENTRYPOINT\s*\[/i.test(entry.text)) return [entry];
  return [{ ...command, lead: entry.text.trim() }];
}
