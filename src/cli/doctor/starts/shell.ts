/** The words of a shell's command or of a list. */
export function words(text: string): string[] {
  return text
    .replace(/(^|\s)(?:-\s+|\(+\s*)(?=["'\w-])/g, "$1")
    .split(/["'\s,[\]]+/)
    .filter((word) => word !== "");
}

/** A command, or what stands between two. What is quoted belongs to one command. */
const PART = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'&|;]|["'])+|&&|\|\||[&|;]/g;
/** What does not wait for the command before it. Behind `||` too: which of the two goes on is not known. */
const BESIDE = /^(?:[&|]|\|\|)$/;
/** The shell itself becomes what it runs. */
const EXEC = /^\s*exec\s+(?![\d<>&])/;

/** Whether a command is what a shell ends with: it runs in its place. */
function isExec(command: string): boolean {
  return EXEC.test(command);
}

/** A command of a line, and how the next one follows it. */
export interface Part {
  command: string;
  isWaitedFor: boolean;
  isToEnd: boolean;
}

/** The commands of a line and what stands between them, in their order. */
export function commandsOf(line: string): string[] {
  return Array.from(line.matchAll(PART), ([part]) => part);
}

/**
 * The commands of a line that count, each with how the next one follows it.
 * @param counts whether a command is one of those that matter
 */
export function partsOf(line: string, counts: (command: string) => boolean): Part[] {
  const parts = commandsOf(line);
  return parts.flatMap((command, i): Part[] => {
    const [separator = "", next = ""] = parts.slice(i + 1);
    if (!counts(command)) return [];
    return [
      {
        command,
        isWaitedFor: !BESIDE.test(separator) || (separator === "||" && !counts(next)),
        isToEnd: separator === "&&" || parts.slice(i + 1).some(isExec),
      },
    ];
  });
}

/** What is quoted and has several words: a command for `sh -c` or concurrently. Not the value of a variable. */
const QUOTED = /(?<![=\w])(["'])((?:(?!\1)[^\\]|\\.)*\s(?:(?!\1)[^\\]|\\.)*)\1/g;

/** The commands that a command has in quotes, and what is left of it. */
export function quotedIn(command: string): { outer: string; inner: string[] } {
  const inner = Array.from(command.matchAll(QUOTED), ([, , text = ""]) => text.replace(/\\(["'\\$])/g, "$1"));
  return { outer: command.replace(QUOTED, " "), inner };
}
