import { basename } from "node:path";
import { fileNamed } from "./app-files.js";
import { words } from "./shell.js";

/** Programs that become or run what they are given, with the variables that they have. */
const HANDS_ON =
  /^(?:tini|dumb-init|catatonit|docker-init|docker-entrypoint\.sh|env|node|npm|npx|pnpm|yarn|gosu|su-exec|(?:ba|a|z)?sh)$/;
const KEY = /^\s*(?:-\s+)?["']?[\w.-]+["']?\s*[=:]?\s*[-@+!]*/;
const OF_A_SYSTEM = /^\/(?:usr\/)?s?bin\/|\/node_modules\//;

/**
 * Whether a command is given to a program that is named by its path and is not here: what that does before, nothing tells.
 * @param command behind its key
 */
export function isGivenAway(command: string, directory: string): boolean {
  const [program = ""] = words(command.replace(KEY, ""));
  if (!program.includes("/") || OF_A_SYSTEM.test(program) || HANDS_ON.test(basename(program))) return false;
  return fileNamed(program, directory) === undefined;
}
