import type { AppText } from "./app-files.js";
import { type Around, clearsVariables, optionsOf } from "./command.js";
import { withoutCutOptions } from "./cut-options.js";
import { expandedByShell } from "./expansion.js";
import { inTurn } from "./in-turn.js";
import { GIVEN, withCalls } from "./shell-functions.js";
import { exportsAll, type ShellLine, shellLines } from "./shell-lines.js";
import { sourceOf } from "./shell-sources.js";
import { type Context, type StartPlace, unseen } from "./start-place.js";
import { isSwitchedOff, type Switched, switchedAlong } from "./switched.js";
import { settingsForAll } from "./variables.js";

/** A shell's script, and what it is given. */
export interface ShellScript extends AppText {
  /** The words behind its name, as they are written. Empty: there are none. */
  given: string;
}

/** Gives what a line starts. */
type InLine = (line: string, context: Context) => StartPlace[];

/** The script itself, which starts anew as another user. */
const ITSELF = /"?\$(?:0|\{0\}|BASH_SOURCE)"?\s+/g;
/** What runs in the script's place. */
const RUNS_INSTEAD = /(?:^|[\s;&|)])exec\s+(?![\d<>&])/;
/** What the script does not go on after: it runs beside it, or in its place; nor is it known of a condition. */
const IS_NOT_WAITED_FOR = new RegExp(`(?<!&)&\\s*$|${RUNS_INSTEAD.source}|^\\s*(?:if|case|for|while|until)\\b`);
/** Nothing that follows is run. */
const IS_LAST = /^\s*(?:exec\s+(?![\d<>&])|exit\b)/;

interface Step extends ShellLine {
  file: string;
  /** Nothing here tells what it sets for those after it. Absent: that is told. */
  isUnknown?: true;
}

/** The lines of a script, with those of the files that it reads. */
function linesOf(
  { file, content }: AppText,
  directory: string,
  isExported: boolean,
  seen: ReadonlySet<string>,
): Step[] {
  const areAllExported = isExported || exportsAll(content);
  return shellLines(content, areAllExported).flatMap((line): Step[] => {
    const source = sourceOf(line.line.text, directory);
    if (source === undefined) return [{ ...line, file }];
    const { read } = source;
    if (read === undefined) return [{ ...line, file, isUnknown: true }];
    if (seen.has(read.file)) return [{ ...line, file }];
    return linesOf(read, directory, areAllExported || source.isExported, new Set([...seen, read.file])).map((step) => {
      return { ...step, isAlways: step.isAlways && line.isAlways };
    });
  });
}

/** The lines that a script runs, up to its end. */
function stepsOf(script: AppText, directory: string): Step[] {
  const all = withCalls(linesOf(script, directory, false, new Set([script.file])));
  const last = all.findIndex(({ line, isAlways }) => isAlways && IS_LAST.test(line.text));
  return last === -1 ? all : all.slice(0, last + 1);
}

/**
 * What a shell's script starts: every Node in it, with those told apart that have ended before the app starts.
 * @param directory folder of the app
 */
export function startsOfScript(script: ShellScript, directory: string, inLine: InLine, context: Context): StartPlace[] {
  const { given } = script;
  const variables = new Map<string, string>();
  const known = (name: string) => variables.get(name);
  let { around } = context;
  const { place, ...before } = context.at;
  let switched: Switched = before;
  let isKnown = true;
  const all = stepsOf(script, directory).map(({ file, line, isAlways, isExported, isConditional, isUnknown }) => {
    if (isUnknown) isKnown = false;
    for (const [name, value] of settingsForAll(line.text)) {
      if (isAlways && !isConditional) variables.set(name, expandedByShell(value, known));
      else variables.delete(name);
    }
    const text = expandedByShell(withoutCutOptions(line.text), known);
    const at = { ...switched, place: `${file}:${line.number}` };
    const found =
      given !== "" && GIVEN.test(text)
        ? runsGiven(inLine, text, given, { ...context, at: { ...switched, place }, around })
        : inLine(text, { ...context, at, around });
    const behind = switchedAlong(text, switched).at(-1) ?? {};
    if (isAlways || isSwitchedOff(behind)) switched = behind;
    const set = optionsOf(text, directory, around);
    const counts = set === undefined || (isAlways && isExported);
    if (found.length === 0 && set !== around?.preload && counts) around = { preload: set, place: at.place };
    return {
      text,
      starts: isKnown ? found : found.map(unseen),
      isWaitedFor: isAlways && !IS_NOT_WAITED_FOR.test(text),
    };
  });
  const last = all.findLast(({ starts }) => starts.length > 0);
  const isReplaced = last !== undefined && RUNS_INSTEAD.test(last.text);
  const turns = all.map((turn) => ({ ...turn, isToEnd: isReplaced || /&&\s*$/.test(turn.text) }));
  return inTurn(turns).flatMap(({ starts }) => starts);
}

/** What a line starts that runs what the script was given. It is for the command that gives it to be another. */
function runsGiven(inLine: InLine, line: string, given: string, context: Context): StartPlace[] {
  const text = line.replace(ITSELF, "").replace(GIVEN, () => given);
  const [before = "", after = ""] = text.split(given);
  const around: Around | undefined = clearsVariables(text) ? { preload: undefined } : context.around;
  return inLine(text, { ...context, around }).map((start) => {
    const { instead, place } = start;
    if (instead === undefined || place !== context.at.place) return start;
    return { ...start, instead: instead.slice(before.trimStart().length, instead.length - after.trimEnd().length) };
  });
}
