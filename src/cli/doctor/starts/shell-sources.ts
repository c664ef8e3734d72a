import { type AppText, fileNamed } from "./app-files.js";

const SOURCES = /^\s*(?:\.|source)\s+["']?([^\s"';&|]+)/;
/** Runs, or sets for all that follows, what a command prints. */
const SUBSTITUTES = /^\s*(?:(?:\.|source)\s+<\(|eval\s.*(?:\$\(|`)|(export|declare\s+-x)\s+["']?(?:\$\(|`))/;

/** What a line of a shell reads into it. */
export interface Source {
  /** Undefined: nothing here tells what it is. */
  read: AppText | undefined;
  /** Whether what it sets is there for the commands after it. */
  isExported: boolean;
}

/** What a command reads into its shell, from a file or from what a command prints. Undefined: it reads nothing, or a file that is not here. */
export function sourceOf(command: string, directory: string): Source | undefined {
  const [, name] = SOURCES.exec(command) ?? [];
  const named = name === undefined ? undefined : fileNamed(name, directory);
  if (named !== undefined) return { read: named, isExported: false };
  const [substitutes, exports] = SUBSTITUTES.exec(command) ?? [];
  if (substitutes === undefined) return undefined;
  const words = command.split(/[\s"'`()<>|;&$]+/).filter((word) => /\w/.test(word));
  const files = words.flatMap((word) => fileNamed(word.includes("/") ? word : `./${word}`, directory) ?? []);
  return { read: files[0], isExported: exports !== undefined };
}
