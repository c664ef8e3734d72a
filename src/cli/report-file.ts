import { closeSync, existsSync, openSync, realpathSync, unlinkSync, writeFileSync } from "node:fs";
import { UsageError } from "./usage-error.js";
import { whyUnwritten } from "./why-unwritten.js";

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
      throw new UsageError(`cannot write --report ${JSON.stringify(this.#path)}: ${whyUnwritten(this.#path, error)}`);
    }
  }
}
