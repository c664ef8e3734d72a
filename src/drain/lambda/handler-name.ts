import { basename, resolve } from "node:path";

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
  return { files: [...bases].flatMap((base) => EXTENSIONS.map((extension) => base + extension)), path };
}
