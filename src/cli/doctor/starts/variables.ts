/** Variables that are set one after another, of which the last of a name counts. */
export type Setting = readonly [name: string, value: string];

const QUOTED = /"(?:[^"\\]|\\.)*"|'[^']*'/;
const VALUE = new RegExp(`(?:${QUOTED.source}|[^\\s,"'])*`);
const ASSIGNMENT = new RegExp(`(?<![\\w$])(\\w+)=(${VALUE.source})`, "g");
const NAMED = /(?:^|[\s{,])["']?(?:name|key)["']?\s*:\s*["']?(\w+)/;
const ITS_VALUE = new RegExp(
  `(?:^|[\\s{,])["']?value["']?\\s*:\\s*(?:[|>][-+]?\\s)?(${QUOTED.source}|[\\s\\S]*?)(?=[,}]|\\n\\s*\\w+\\s*:|$)`,
);
const PAIR = /^\s*["']?(\w+)["']?\s*:(?:\s+|$)(?:[|>][-+]?\s)?([\s\S]*)$/;
/** What stands between two commas. */
const ITEM = new RegExp(`(?:${QUOTED.source}|\\{[^{}]*\\}|[^,"'{}])+`, "g");

const unquoted = (text: string) => text.trim().replace(/^(["'])([\s\S]*)\1$/, "$2");

/** What an item of a list sets, or a line of a mapping: `A=b`, `A: b`, or a name with a value of its own. */
function inItem(item: string): Setting[] {
  const [, name] = NAMED.exec(item) ?? [];
  if (name !== undefined) return [[name, unquoted(ITS_VALUE.exec(item)?.[1] ?? "")]];
  const [, assigned, as = ""] = /^\s*(\w+)=([\s\S]*)$/.exec(unquoted(item)) ?? [];
  if (assigned !== undefined) return [[assigned, as.trim()]];
  const [, variable, value = ""] = PAIR.exec(item) ?? [];
  return variable === undefined ? [] : [[variable, unquoted(value)]];
}

/** The variables below a key of YAML, in a list or a mapping. */
export function settingsBelow(text: string): Setting[] {
  const [, below = ""] = /^[^\n:]*:([\s\S]*)$/.exec(text) ?? [];
  const [, flow] = /^\s*[[{]([\s\S]*)[\]}]\s*$/.exec(below) ?? [];
  if (flow !== undefined) return (flow.match(ITEM) ?? []).flatMap(inItem);
  if (/^\s*-\s/m.test(below))
    return below
      .split(/^\s*-\s+/m)
      .slice(1)
      .flatMap(inItem);
  const [indent = ""] = /^[ \t]*(?=\S)/m.exec(below.replace(/^\s*\n/, "")) ?? [];
  return below.split(new RegExp(`\\n(?=${indent}\\S)`)).flatMap(inItem);
}

/** The variables below a key of YAML, as a file of variables has them. */
export function linesBelow(text: string): string {
  return settingsBelow(text)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}

/** A key of YAML with variables below it. */
export const VARIABLES = /^\s*(?:-\s+)?(?:env|environment|envVars|envs)\s*:/;

/** The variables that a line sets, in a file of variables, of Docker, systemd or supervisord. */
export function settingsOn(line: string): Setting[] {
  return Array.from(line.matchAll(ASSIGNMENT), ([, name = "", value = ""]): Setting => [name, unquoted(value)]);
}

/** The variables in a file of them, such as `.env`. */
export function settingsInFile(content: string): Setting[] {
  const lines = content.matchAll(/^\s*(?:export\s+)?(\w+)\s*=(.*)$/gm);
  return Array.from(lines, ([, name = "", value = ""]): Setting => [name, unquoted(value)]);
}

/** A setting that holds for the commands after it, and one of what is not set yet. */
const FOR_ALL = new RegExp(
  `(?:^|;)\\s*(?:(?:export|readonly|declare|local)\\s+)?(\\w+)=(\\([^)]*\\)|${VALUE.source})\\s*(?=;|&&|$)`,
  "g",
);
const UNLESS_SET = /(?:^|;)\s*:\s+"?\$\{(\w+):?=([^{}]*)\}/g;

/** The variables that a line of a shell sets for the commands after it. */
export function settingsForAll(line: string): Setting[] {
  return [...line.matchAll(FOR_ALL), ...line.matchAll(UNLESS_SET)].map(([, name = "", value = ""]): Setting => {
    return [name, value.startsWith("(") ? value.slice(1, -1) : unquoted(value)];
  });
}
