import { closeSync, existsSync, openSync, realpathSync, unlinkSync, writeFileSync } from "node:fs";
import { UsageError } from "./usage-error.js";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "its file system is read-only",
  EISDIR: "it is a directory",
  ENOENT: "its directory does not exist",
  ENOTDIR: "its directory is not one",
  ENOSPC: "the disk is full",
};

/** The file that `--report` names. */
export class ReportFile {
  readonly #path: string;

  /** @throws {UsageError} when it could not be written: that is to be known before the clients are measured */
  constructor(path: string) {
    this.#path = path;
    if (path === "") throw new UsageError("--report: expected the name of a file");
    this.#attempt(() => {
      const existed = existsSync(path);
      closeSync(openSync(path, "a"));
      if (!existed) unlinkSync(realpathSync(path));
    });
  }

  /** @throws {UsageError} when it cannot be written any more */
  write(text: string): void {
    this.#attempt(() => writeFileSync(this.#path, text));
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      throw new UsageError(`cannot write --report ${JSON.stringify(this.#path)}: ${REASONS[code] ?? message}`);
    }
  }
}
