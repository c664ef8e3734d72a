import { commandsOf } from "./shell.js";
import type { VariableFiles } from "./variable-files.js";

/** What FLUSHGUARD and FLUSHGUARD_TARGETS are set to. Empty: nothing sets them. */
export interface Switched {
  /** It guards nothing. Absent: it does, or observes. */
  off?: true;
  /** It observes, and guards nothing. Absent: it does not, or is off. */
  observes?: true;
  /** It is set, to guard. Absent: it is not, or guards nothing. */
  on?: true;
  /** One of them is set to what nothing here tells. Absent: neither is. */
  unknown?: true;
  /** The value of FLUSHGUARD_TARGETS. Absent: it is not set. */
  targets?: string;
}

/** Sets a variable in any form; not in a comment, nor where its value is asked for. */
const setting = (name: string) =>
  new RegExp(
    `(?<!(?:^|\\s)#.*)(?<![\\w$%]|\\$\\{)${name}["']?(?:\\s*[=:]\\s*|[ \\t]+)(?:\\\\?["']([^"'\\n\\\\]*)|([^\\s"'}\\];&|)]*))`,
    "gim",
  );
const SETS = setting("FLUSHGUARD");
const SETS_TARGETS = setting("FLUSHGUARD_TARGETS");
/** A default for where nothing is set. */
const DEFAULT = /\$\{FLUSHGUARD(?:_TARGETS)?:?[-=]([^{}]*)\}/g;
/** Sets one that is not set yet. */
const UNLESS_SET = /:\s+"?\$\{(FLUSHGUARD(?:_TARGETS)?):?=([^{}]*)\}"?/g;
/** A command that sets one of them for those that follow it, in a case too. */
const FOR_ALL =
  /^\s*(?:(?:CMD|ENTRYPOINT)\b|[\w-]+:)?\s*(?:-\s+)?(?:(?:then|else|do)\s+|\(?[^\s()]+\)\s*)?(?::\s+"?\$\{FLUSHGUARD|(?:export|set|declare|readonly|unset)\s.*\bFLUSHGUARD(?:_TARGETS)?\b|FLUSHGUARD(?:_TARGETS)?=(?:"[^"]*"|'[^']*'|[^\s"'])*\s*$)/;
/** A command that sets one for itself. */
const FOR_ITSELF = /\bFLUSHGUARD(?:_TARGETS)?=\S*\s+\S/;

/** Whether a command sets one of them for what it starts. */
export function switchesItself(command: string): boolean {
  return FOR_ITSELF.test(command);
}

/** A value that is set elsewhere. */
const REFERENCE = /^[${%]/;
/** One that is what is set already. */
const ITSELF = /^[$%]\{?FLUSHGUARD(?:_TARGETS)?\b/;

/** What a value of FLUSHGUARD makes of it. */
function switchedTo(value: string): Switched {
  if (REFERENCE.test(value)) return { unknown: true };
  if (/^\s*(?:off|0|false|no)\b/i.test(value)) return { off: true };
  return /^\s*observe\b/i.test(value) ? { observes: true } : { on: true };
}

/** What a value of FLUSHGUARD_TARGETS makes of it. */
function chosenBy(targets: string): Switched {
  return REFERENCE.test(targets) ? { unknown: true } : { targets };
}

/** The last value that a text sets. */
function valueIn(text: string, sets: RegExp): string | undefined {
  const plain = text.replace(UNLESS_SET, "$1=$2").replace(DEFAULT, "$1");
  const values = Array.from(plain.matchAll(sets), ([, quoted, bare = ""]) => quoted ?? bare);
  return values.findLast((value) => !ITSELF.test(value));
}

/** What is set here, and else what is around it. */
export function switchedOver({ off, observes, on, unknown, targets }: Switched, around: Switched): Switched {
  const isSet = off === true || observes === true || on === true || unknown === true;
  const {
    off: isOff,
    observes: isObserving,
    on: isOn,
    unknown: isUnknown,
  } = isSet ? { off, observes, on, unknown } : around;
  const chosen = targets ?? around.targets;
  return {
    ...(isOff && { off: isOff }),
    ...(isObserving && { observes: isObserving }),
    ...(isOn && { on: isOn }),
    ...(isUnknown && { unknown: isUnknown }),
    ...(chosen !== undefined && { targets: chosen }),
  };
}

/**
 * What they are behind a text, of which the last that sets one counts.
 * @param around what they are before. Absent: nothing sets them
 */
export function switchedIn(text: string, around: Switched = {}): Switched {
  const value = valueIn(text, SETS);
  const targets = valueIn(text, SETS_TARGETS);
  const set = {
    ...(value === undefined ? {} : switchedTo(value)),
    ...(targets === undefined ? {} : chosenBy(targets)),
  };
  return switchedOver(set, around);
}

/** What they are for a command that reads files of variables, which count where one is not set, or replace what is. */
export function switchedFor(command: string, { content, replaces }: VariableFiles, around: Switched): Switched {
  const set = switchedIn(command, around);
  const read = switchedIn(content);
  return replaces ? switchedOver(read, set) : switchedOver(set, read);
}

/**
 * What they are before each command of a line, and behind the last one.
 * @param readBy gives what a command reads into its shell. Absent: none does
 */
export function switchedAlong(
  line: string,
  around: Switched,
  readBy: (command: string) => string = () => "",
): Switched[] {
  const all = [switchedOver({}, around)];
  for (const command of commandsOf(line)) {
    const before = switchedIn(readBy(command), all.at(-1));
    all.push(FOR_ALL.test(command) ? switchedIn(command, /\bunset\s/.test(command) ? {} : before) : before);
  }
  return all;
}

/** Whether it guards nothing, or some clients only, or may. */
export function isSwitchedOff({ off, observes, unknown, targets }: Switched): boolean {
  return off === true || observes === true || unknown === true || targets !== undefined;
}
