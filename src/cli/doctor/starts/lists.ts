/** A command that is a list of JSON or YAML, and is the process itself. */
const LIST = /^\s*(?:-\s+)?(?:CMD|ENTRYPOINT|command|entrypoint|args)\b:?\s*(?:\[|\n\s*-\s)/i;
/** A word of it, in quotes or not. */
const WORD = /(?<=[[,]\s*|^\s*-\s+)(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'[\],]+(?:[ \t]+[^\s"'[\],]+)*))/gm;
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|a|da|z)?sh$/;
const FOR_SHELL = /^-\w*c$/;
/** A line for a shell, given to a shell as several words. */
const TWO_SHELLS = /-\w*c["']\s*\]\s*\/bin\/sh -c /;
const OPTION_WITH_VALUE = /^(?:-r|--require|--import)\s/;
/** What hands on options for Node in one word. */
const HANDS_ON = /(?:node|interpreter)-args$/;

/**
 * Whether the words of a list are not what they look like: a program or an option has what belongs to it in the same word,
 * or a line for a shell is in several, of which it runs the first.
 */
export function isCutWrong(command: string): boolean {
  if (!LIST.test(command)) return false;
  const words = Array.from(command.matchAll(WORD), ([, double, single, plain]) => double ?? single ?? plain ?? "");
  const [program = ""] = words;
  if (/\s|\\[nrt]/.test(program) || TWO_SHELLS.test(command)) return true;
  return words.some((word, i) => {
    const [shell = "", before = ""] = words.slice(Math.max(0, i - 2), i);
    if (OPTION_WITH_VALUE.test(word)) return !HANDS_ON.test(words[i - 1] ?? "");
    return SHELL.test(shell) && FOR_SHELL.test(before) && !/\s/.test(word) && i < words.length - 1;
  });
}
