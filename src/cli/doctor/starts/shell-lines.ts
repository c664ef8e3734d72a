import { type Line, wholeFile } from "./scopes.js";

/** A line of a shell's script that is run. */
export interface ShellLine {
  line: Line;
  /** Whether it runs whatever happens, or whenever its function does: it is in no condition or loop. */
  isAlways: boolean;
  /** Whether what it sets in NODE_OPTIONS is there for the commands after it. */
  isExported: boolean;
  /** Whether it is run only if what stands on the line before it succeeds, or fails. */
  isConditional: boolean;
  /** The function that it is in, and runs with. Absent: none. */
  ofFunction?: string;
}

const OPENS = /^\s*(?:if|for|while|until|case|select)\b|\{\s*$|^\s*\($/;
const DEFINES = /^\s*(?:function\s+([\w-]+)(?:\s*\(\s*\))?|([\w-]+)\s*\(\s*\))\s*(\{.*)?$/;
/** A function's body on one line. */
const BODY = /^\{\s*(.*?);?\s*\}\s*$/;
const CLOSES = /(?:^|;)\s*(?:fi|done|esac|\}|\))\s*$/;
const GOES_ON = /(?:&&|\|\|)\s*$/;
const EXPORTS = /^\s*(?:export|declare\s+-x|typeset\s+-x)\s/;
/** A variable that has its value already. */
const EXPORTED = /^\s*export\s+(?:\w+\s+)*NODE_OPTIONS\s*(?:;|$|\s\w+)/;

/** Whether a shell's script exports what it sets. */
export function exportsAll(content: string): boolean {
  return /^\s*set\s+-(?:a|o\s+allexport)\b/m.test(content);
}

/** The lines without those of here documents. */
export function withoutHereDocuments(lines: readonly Line[]): Line[] {
  let end: string | undefined;
  return lines.filter(({ text }) => {
    const isBelow = end !== undefined;
    if (!isBelow) [, end] = /<<[-~]?\s*["'\\]?(\w+)/.exec(text) ?? [];
    else if (text.trim() === end) end = undefined;
    return !isBelow;
  });
}

/** The lines of a shell's script, without those of here documents. */
export function shellLines(content: string, areAllExported: boolean): ShellLine[] {
  const [lines = []] = wholeFile(content);
  const isExported = areAllExported || lines.some(({ text }) => EXPORTED.test(text));
  let depth = 0;
  let open: { name: string; depth: number } | undefined;
  let goesOn = false;
  return withoutHereDocuments(lines).flatMap((line): ShellLine[] => {
    const { text } = line;
    const isConditional = goesOn;
    goesOn = GOES_ON.test(text);
    if (EXPORTED.test(text)) return [];
    const [, byWord, name = byWord, begun = ""] = DEFINES.exec(text) ?? [];
    if (name !== undefined && open === undefined) {
      const [, body] = BODY.exec(begun) ?? [];
      if (body !== undefined) {
        return [{ line: { ...line, text: body }, isAlways: true, isExported, isConditional: false, ofFunction: name }];
      }
      open = { name, depth };
      if (begun !== "") depth++;
      return [];
    }
    if (CLOSES.test(text)) depth--;
    const within = open;
    if (open !== undefined && depth <= open.depth && CLOSES.test(text)) open = undefined;
    const isAlways = depth <= (within === undefined ? 0 : within.depth + 1);
    if (OPENS.test(text) && !CLOSES.test(text)) depth++;
    return [
      {
        line,
        isAlways,
        isExported: !isConditional && (EXPORTS.test(text) || (isExported && /^\s*NODE_OPTIONS=/.test(text))),
        isConditional,
        ...(within === undefined ? {} : { ofFunction: within.name }),
      },
    ];
  });
}
