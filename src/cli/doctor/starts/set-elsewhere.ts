import type { Line } from "./scopes.js";

/** Values of NODE_OPTIONS that are not in the file: another object's, a template's, or those of whoever starts it. */
const ELSEWHERE = [
  /\bNODE_OPTIONS["']?\s*\n\s*(?:valueFrom|sync|from(?:Service|Database)|generateValue)\s*:/,
  /\bNODE_OPTIONS["']?\s*(?:\n\s*value\s*:|[:=])\s*["']?\{\{/,
  /\bNODE_OPTIONS["']?\s*(?:\n\s*value\s*:|[:=])\s*["']?\$\{?(?!NODE_OPTIONS)\w+\}?["']?\s*(?:\n|$)/,
  /\bNODE_OPTIONS["']?\s*[:=]\s*["']?\$\{\w+:[^-+=?]/,
  /(?:^|\n)\s*(?:-\s+)?["']?NODE_OPTIONS["']?\s*:?\s*(?:~|null)?[ \t]*(?:$|\n(?!\s*["']?--))/,
];
/** A unit of systemd whose command has, among the options of its program, a variable that is not set there. */
const OF_UNIT = /^\s*ExecStart\s*=\S+(?:\s+-\S+)*\s+\$\{?\w+/m;

/** Whether nothing here tells what options a process gives to Node, by the text of its scope. */
export function isSetElsewhere(text: string): boolean {
  return ELSEWHERE.some((pattern) => pattern.test(text)) || OF_UNIT.test(text);
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
