import type { ShellLine } from "./shell-lines.js";

/** What a script or a function was given. */
export const GIVEN = /"?\$(?:@|\*|\{@\}|\{\*\})"?/;

interface Call {
  name: string;
  /** The line without it. */
  rest: string;
  given: string;
  /** Whether it is made whatever happens, and waited for. */
  isAlways: boolean;
}

/** The first call of one of these functions in a line. */
function callIn(text: string, names: readonly string[]): Call | undefined {
  if (names.length === 0) return undefined;
  const call = new RegExp(
    `(^|[;&|)]|\\b(?:then|else|do)\\s)(\\s*)(${names.join("|")})(?=[\\s;&|]|$)([^;&|]*)(&(?!&))?`,
  );
  const [whole, before = "", , name, given = "", beside] = call.exec(text) ?? [];
  if (whole === undefined || name === undefined) return undefined;
  const isAlways = /^;?$/.test(before) && beside === undefined;
  return { name, rest: text.replace(whole, () => `${before} : `), given: given.trim(), isAlways };
}

/** The lines that a script runs, with those of its functions where they are called. */
export function withCalls<T extends ShellLine>(lines: readonly T[]): T[] {
  const all = new Set(lines.flatMap(({ ofFunction }) => ofFunction ?? []));
  const linesIn = (name: string | undefined) => lines.filter(({ ofFunction }) => ofFunction === name);
  const run = (body: readonly T[], open: readonly string[]): T[] => {
    const names = [...all].filter((name) => !open.includes(name));
    return body.flatMap((line): T[] => {
      const call = callIn(line.line.text, names);
      if (call === undefined) return [line];
      const within = run(linesIn(call.name), [...open, call.name]).map((inner) => ({
        ...inner,
        isAlways: inner.isAlways && line.isAlways && call.isAlways,
        line: { ...inner.line, text: inner.line.text.replace(GIVEN, () => call.given) },
      }));
      return run([{ ...line, line: { ...line.line, text: call.rest } }], open).concat(within);
    });
  };
  return run(linesIn(undefined), []);
}
