import { commandsOf } from "./shell.js";
import type { VariableFiles } from "./variable-files.js";

/** What FLUSHGUARD is set to. Empty: nothing sets it. */
export interface Switched {
  /** It guards nothing. Absent: it does, or observes. */
  off?: true;
  /** It observes, and guards nothing. Absent: it does not, or is off. */
  observes?: true;
  /** It is set, to guard. Absent: it is not, or guards nothing. */
  on?: true;
}

/** Sets it in any form; not in a comment, nor where its value is asked for. */
const SETS = /(?<!(?:^|\s)#.*)(?<![\w$%]|\$\{)FLUSHGUARD["']?(?:\s*[=:]\s*|[ \t]+)["']?([\w${-]*)/gim;
/** A default for where nothing is set. */
const DEFAULT = /\$\{FLUSHGUARD:?[-=](\w*)\}/g;
/** A command that sets it for those that follow it. */
const FOR_ALL =
  /^\s*(?:(?:CMD|ENTRYPOINT)\b|[\w-]+:)?\s*(?:-\s+)?(?:(?:then|else|do)\s+)?(?:(?:export|set|declare|readonly|unset)\s.*\bFLUSHGUARD\b|FLUSHGUARD=(?:"[^"]*"|'[^']*'|[^\s"'])*\s*$)/;

/** What a value makes of it. */
function switchedTo(value: string): Switched {
  if (/^(?:off|0|false|no)$/i.test(value)) return { off: true };
  return /^observe$/i.test(value) ? { observes: true } : { on: true };
}

/** Without what else is there. */
function only({ off, observes, on }: Switched): Switched {
  return { ...(off && { off }), ...(observes && { observes }), ...(on && { on }) };
}

/**
 * What FLUSHGUARD is behind a text, of which the last that sets it counts. A reference that is left in it tells nothing.
 * @param around what it is before. Absent: nothing sets it
 */
export function switchedIn(text: string, around: Switched = {}): Switched {
  const values = Array.from(text.replace(DEFAULT, "$1").matchAll(SETS), ([, word = ""]) => word);
  const value = values.findLast((word) => !/^[${-]/.test(word));
  return value === undefined ? only(around) : switchedTo(value);
}

/** What it is for a command that reads files of variables, which count where it is not set, or replace what is. */
export function switchedFor(command: string, { content, replaces }: VariableFiles, around: Switched): Switched {
  const set = switchedIn(command, around);
  return replaces || Object.keys(set).length === 0 ? switchedIn(content, set) : set;
}

/** What it is before each command of a line, and behind the last one. */
export function switchedAlong(line: string, around: Switched): Switched[] {
  const all = [only(around)];
  for (const command of commandsOf(line)) {
    const before = all.at(-1) as Switched;
    all.push(FOR_ALL.test(command) ? switchedIn(command, /\bunset\s/.test(command) ? {} : before) : before);
  }
  return all;
}

/** Whether it guards nothing. */
export function isSwitchedOff({ off, observes }: Switched): boolean {
  return off === true || observes === true;
}
