import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { textOf } from "../text.js";
import { type Loading, loadingOf, withoutComments } from "./loading.js";
import type { Scope } from "./scopes.js";
import { isSwitchedOff, switchedIn } from "./switched.js";

/** Sets FLUSHGUARD or FLUSHGUARD_TARGETS, or asks for it. */
const SWITCHES = /\bFLUSHGUARD(?:_TARGETS)?\b/;
/** Reads files of variables. */
const READS_VARIABLES = /^(?:@dotenvx\/dotenvx|dotenv[\w-]*)(?:$|\/)/;

/** Code, and what it names. */
interface Code extends Pick<Loading, "named"> {
  code: string;
}

/**
 * Whether code may set FLUSHGUARD or FLUSHGUARD_TARGETS, itself or by a file of variables that it reads.
 * @param directory where it looks for such a file
 */
export function mayBeSwitchedBy({ code, named }: Code, directory: string): boolean {
  if (SWITCHES.test(withoutComments(code))) return true;
  if (!named.some((specifier) => READS_VARIABLES.test(specifier))) return false;
  const files = [...readdirSync(directory).filter((name) => name.startsWith(".env")), ...named];
  return files.some((file) => isSwitchedOff(switchedIn(textOf(resolve(directory, file)))));
}

/** Whether the code of a file of pm2's may set them beside what stands in its apps. */
export function mayBeSwitchedBeside(
  apps: readonly Scope[],
  { file, content }: { file: string; content: string },
  directory: string,
): boolean {
  if (!/\.[cm]?[jt]s$/.test(file)) return false;
  const lines = content.split("\n");
  for (const { text, number } of apps.flat()) lines[number - 1] = lines[number - 1]?.replace(text, " ") ?? "";
  return mayBeSwitchedBy({ code: lines.join("\n"), named: loadingOf(content, file).named }, directory);
}
