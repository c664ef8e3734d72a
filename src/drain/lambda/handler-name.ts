import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, resolve } from "node:path";

const require = createRequire(import.meta.url);

/** The handler of a function as its environment names it: `folder/file.name.of.export`. */
export interface HandlerName {
  /** Absolute paths of the files that it may be in, in the order in which the runtime looks for them. */
  files: readonly string[];
  /** The names that lead from what the file exports to the handler. */
  path: readonly [string, ...string[]];
}

const EXTENSIONS = ["", ".js", ".mjs", ".cjs"];

/**
 * Reads it as the runtime does: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client.
 * @param argument what the runtime was started with, where it takes the name from there
 * @returns undefined where there is none
 */
export function handlerName(env: NodeJS.ProcessEnv, argument: string | undefined): HandlerName | undefined {
  const { _HANDLER: name = argument, LAMBDA_TASK_ROOT: root = "." } = env;
  if (name === undefined) return undefined;
  const file = basename(name);
  const dot = file.indexOf(".");
  if (dot === -1) return undefined;
  const inRoot = name.slice(0, name.length - file.length + dot);
  // Until version 4 the runtime starts from the working directory.
  const bases = new Set([resolve(root, inRoot), resolve(inRoot)]);
  const path = file.slice(dot + 1).split(".") as [string, ...string[]];
  const files = [...bases].flatMap((base) => EXTENSIONS.map((extension) => base + extension));
  return {
    files: files.some((one) => existsSync(one)) ? files : [...files, ...installed(file.slice(0, dot), bases)],
    path,
  };
}

/** What the runtime falls back on: a package. */
function installed(name: string, bases: Iterable<string>): string[] {
  try {
    return [require.resolve(name, { paths: Array.from(bases, dirname) })];
  } catch {
    return [];
  }
}
