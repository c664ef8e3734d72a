/** The words of a shell's command or of a list. */
export function words(text: string): string[] {
  return text
    .replace(/(^|\s)(?:-\s+|\(+\s*)(?=["'\w-])/g, "$1")
    .split(/["'\s,[\]]+/)
    .filter((word) => word !== "");
}

/** A command, or what stands between two. What is quoted belongs to one command. */
const PART = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'&|;]|["'])+|&&|\|\||[&|;]/g;
/** Behind `||` too: which of the two goes on is not known. */
const BESIDE = /^(?:[&|]|\|\|)$/;

/**
 * The commands of a line that run once it has started: the last of those that follow one another, and those beside it.
 * @param counts whether a command is one of those that matter
 */
export function lasting(line: string, counts: (command: string) => boolean): string[] {
  const parts = Array.from(line.matchAll(PART), ([part]) => part);
  const isBeside = (separator = "", next = "") => BESIDE.test(separator) && (separator !== "||" || counts(next));
  const all = parts.flatMap((part, i) =>
    counts(part) ? [{ part, isBeside: isBeside(parts[i + 1], parts[i + 2]) }] : [],
  );
  return all.filter(({ isBeside }, i) => isBeside || i === all.length - 1).map(({ part }) => part);
}

/** What is quoted and has several words: a command for `sh -c` or concurrently. Not the value of a variable. */
const QUOTED = /(?<![=\w])(["'])((?:(?!\1)[^\\]|\\.)*\s(?:(?!\1)[^\\]|\\.)*)\1/g;

/** The commands that a command has in quotes, and what is left of it. */
export function quotedIn(command: string): { outer: string; inner: string[] } {
  const inner = Array.from(command.matchAll(QUOTED), ([, , text = ""]) => text.replace(/\\(["'\\$])/g, "$1"));
  return { outer: command.replace(QUOTED, " "), inner };
}
