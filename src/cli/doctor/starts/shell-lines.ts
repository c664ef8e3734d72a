import { type Line, wholeFile } from "./scopes.js";

/** A line of a shell's script that is run. */
export interface ShellLine {
  line: Line;
  /** Whether what it sets is set, and for the commands after it: it depends on nothing, and is exported. */
  isCertain: boolean;
}

const OPENS = /^\s*(?:if|for|while|until|case|select)\b|\{\s*$|^\s*\($/;
const CLOSES = /(?:^|;)\s*(?:fi|done|esac|\}|\))\s*$/;
const EXPORTS = /^\s*(?:export|declare\s+-x|typeset\s+-x)\s/;
/** A variable that has its value already. */
const EXPORTED = /^\s*export\s+(?:\w+\s+)*NODE_OPTIONS\s*(?:;|$|\s\w+)/;

/** The lines of a shell's script, without those of a here document. */
export function shellLines(content: string): ShellLine[] {
  const [lines = []] = wholeFile(content);
  const exportsAll = /^\s*set\s+-(?:a|o\s+allexport)\b/m.test(content);
  const isExported = exportsAll || lines.some(({ text }) => EXPORTED.test(text));
  let end: string | undefined;
  let depth = 0;
  return lines.flatMap((line): ShellLine[] => {
    const { text } = line;
    if (end !== undefined) {
      if (text.trim() === end) end = undefined;
      return [];
    }
    [, end] = /<<[-~]?\s*["'\\]?(\w+)/.exec(text) ?? [];
    if (EXPORTED.test(text)) return [];
    if (CLOSES.test(text)) depth--;
    const isCertain = depth <= 0 && (EXPORTS.test(text) || (isExported && /^\s*NODE_OPTIONS=/.test(text)));
    if (OPENS.test(text) && !CLOSES.test(text)) depth++;
    return [{ line, isCertain }];
  });
}
