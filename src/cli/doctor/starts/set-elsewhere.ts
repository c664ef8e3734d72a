import type { Line } from "./scopes.js";

/** Values of NODE_OPTIONS that are not in the file: another object's, a template's, or those of whoever starts it. */
const ELSEWHERE = [
  /\bNODE_OPTIONS["']?\s*\n\s*(?:valueFrom|sync|from(?:Service|Database)|generateValue)\s*:/,
  /\bNODE_OPTIONS["']?\s*(?:\n\s*value\s*:|[:=])\s*["']?\{\{/,
  /\bNODE_OPTIONS["']?\s*(?:\n\s*value\s*:|[:=])\s*["']?\$\{?(?!NODE_OPTIONS)\w+\}?["']?\s*(?:\n|$)/,
  /\bNODE_OPTIONS["']?\s*[:=]\s*["']?\$\{\w+:[^-+=?]/,
  /(?:^|\n)\s*(?:-\s+)?["']?NODE_OPTIONS["']?\s*:?\s*(?:~|null)?[ \t]*(?:$|\n(?!\s*["']?--))/,
];
/** The same of FLUSHGUARD and FLUSHGUARD_TARGETS. */
const SWITCH_ELSEWHERE = [
  /\bFLUSHGUARD(?:_TARGETS)?["']?\s*\n\s*(?:valueFrom|sync|from(?:Service|Database)|generateValue)\s*:/,
  /(?:^|\n)\s*(?:-\s+)?["']?FLUSHGUARD(?:_TARGETS)?["']?\s*:?\s*(?:~|null)?[ \t]*(?:$|\n(?!\s*["']?\w+["']?\s*$))/,
];
/** Options of an app of pm2's that a name or a call of JavaScript stands for. */
const OF_SCRIPT =
  /\b(?:(?:node|interpreter)[_-]?[aA]rgs|NODE_OPTIONS)["']?\s*(?:[,}\n]|$|:\s*(?![\w.]*\s*--)[A-Za-z_$][\w$.]*\s*(?:[,}\n(]|$))/;
/** The same for FLUSHGUARD and FLUSHGUARD_TARGETS. */
const SWITCH_OF_SCRIPT =
  /\bFLUSHGUARD(?:_TARGETS)?["']?\s*(?:[,}]|:\s*(?!(?:on|off|true|false|yes|no|observe)\b)[A-Za-z_$][\w$.]*\s*(?:[,}\n(?|]|$))/;
/** A service of compose that goes on with one of another file. */
const OF_FILE = /(?:^|\n)\s*extends\s*:\s*\{?[^}]*?\bfile\s*:/;
/** A unit of systemd whose command has, among the options of its program, a variable that is not set there. */
const OF_UNIT = /^\s*ExecStart\s*=\S+(?:\s+-\S+)*\s+\$\{?\w+/m;

/** Whether options that are not found in the text of a scope may be where it points to. */
export function mayBeElsewhere(text: string, isOfScript: boolean): boolean {
  return OF_FILE.test(text) || (isOfScript && OF_SCRIPT.test(text));
}

/** Whether nothing here tells what options a process gives to Node, by the text of its scope. */
export function isSetElsewhere(text: string): boolean {
  return ELSEWHERE.some((pattern) => pattern.test(text)) || OF_UNIT.test(text);
}

/** Whether nothing here tells whether the guard is on. */
export function isSwitchedElsewhere(text: string, isOfScript: boolean): boolean {
  if (isOfScript && SWITCH_OF_SCRIPT.test(text)) return true;
  return SWITCH_ELSEWHERE.some((pattern) => pattern.test(text));
}

const COMMAND_BY_TEMPLATE = /^\s*(?:-\s+)?(?:command|args)\s*:\s*(?:-\s+)?\{\{/;
const VARIABLES_BY_TEMPLATE = /^\s*(?:-\s+)?(?:env|envFrom)\s*:(?:.*\n)*?\s*\{\{-?\s*(?:toYaml|include|template|tpl)\b/;

/** Whether a template puts in what a container runs. */
export function isCommandByTemplate({ text }: Line): boolean {
  return COMMAND_BY_TEMPLATE.test(text);
}

/** Whether a template puts in variables of a container. */
export function areVariablesByTemplate({ text }: Line): boolean {
  return VARIABLES_BY_TEMPLATE.test(text);
}
