import { accessSync, constants, statSync } from "node:fs";
import { distrust } from "../multiprocess/store/trust.js";
import { UsageError } from "./usage-error.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "is no directory",
  EACCES: "this user may not read: run as the user of the app",
};

/**
 * The directory where processes keep their metrics.
 * @param dir value of `--dir`
 * @throws {UsageError} unless there is a directory of this name that this user may read, and others may not write to
 */
export function directoryFrom(dir: string | undefined): string {
  if (dir === undefined) throw new UsageError("expected --dir, the directory where the processes keep their metrics");
  const reason = refusal(dir);
  if (reason !== undefined) throw new UsageError(`--dir is ${JSON.stringify(dir)}, which ${reason}`);
  return dir;
}

function refusal(dir: string): string | undefined {
  try {
    if (!statSync(dir).isDirectory()) return "is no directory";
    accessSync(dir, constants.R_OK | constants.X_OK);
    return distrust(dir, true);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return REASONS[code ?? ""] ?? `cannot be read: ${message}`;
  }
}
