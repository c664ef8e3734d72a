/** Values of NODE_OPTIONS that are not in the file: another object's, a template's, or those of whoever starts it. */
const ELSEWHERE = [
  /\bNODE_OPTIONS["']?\s*\n\s*(?:valueFrom|sync|from(?:Service|Database)|generateValue)\s*:/,
  /\bNODE_OPTIONS["']?\s*(?:\n\s*value\s*:|[:=])\s*["']?\{\{/,
  /\bNODE_OPTIONS["']?\s*(?:\n\s*value\s*:|[:=])\s*["']?\$\{?(?!NODE_OPTIONS)\w+\}?["']?\s*(?:\n|$)/,
  /(?:^|\n)\s*(?:-\s+)?["']?NODE_OPTIONS["']?\s*:?\s*(?:~|null)?[ \t]*(?:$|\n(?!\s*["']?--))/,
];
/** A unit of systemd whose command has, among the options of its program, a variable that is not set there. */
const OF_UNIT = /^\s*ExecStart\s*=\S+(?:\s+-\S+)*\s+\$\{?\w+/m;

/** Whether nothing here tells what options a process gives to Node, by the text of its scope. */
export function isSetElsewhere(text: string): boolean {
  return ELSEWHERE.some((pattern) => pattern.test(text)) || OF_UNIT.test(text);
}
