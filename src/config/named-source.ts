import { resolve } from "node:path";
import { type Source, sourceIn } from "./source.js";

/**
 * The file that is named in place of those that are looked for.
 * @param problems takes a line where there is another in the working directory
 */
export function namedSource(named: string, cwd: string | undefined, problems: string[]): Source {
  const path = cwd === undefined ? named : resolve(cwd, named);
  const other = cwd === undefined ? undefined : sourceIn(cwd, problems);
  if (other !== undefined && other.path !== path) {
    const what = "manifest" in other ? 'the key "flushguard"' : "a file of targets";
    problems.push(
      `${other.path}: found ${what} beside FLUSHGUARD_CONFIG=${named}, expected one of the two; it is ignored`,
    );
  }
  return { path, named: true };
}
