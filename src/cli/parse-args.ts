import { parseArgs as parse } from "node:util";
import { didYouMean } from "../config/nearest.js";
import { UsageError } from "./usage-error.js";

/**
 * Node's own, which says what is wrong in one sentence and has a hint for a misspelt option.
 * @throws {UsageError} when the arguments do not fit
 */
export const parseArgs: typeof parse = (config) => {
  try {
    return parse(config);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS_")) throw error;
    // Further sentences go on about what else it could have been.
    const line = message.split(/\.[ \n]/)[0] as string;
    const [, unknown] = /^Unknown option '(--.+)'$/.exec(line) ?? [];
    const known = Object.keys(config?.options ?? {}).map((name) => `--${name}`);
    throw new UsageError(unknown === undefined ? line : line + didYouMean(unknown, known));
  }
};
