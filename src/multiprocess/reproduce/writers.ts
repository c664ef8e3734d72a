import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Job, LET_GO, type Report, STOP } from "./job.js";

const FILE = fileURLToPath(new URL("./writer.js", import.meta.url));

/** A writer in a process of its own. */
export class Writer {
  /** Resolves when it can take a job. */
  readonly ready: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Report>;
  #report: Promise<Report> | undefined;

  constructor() {
    this.#child = fork(FILE, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#ended = once(this.#child, "exit").then(([code, signal]) => {
      return { recorded: 0, fault: { kind: "other", message: `ended by ${signal ?? `exit code ${code}`}` } };
    });
    this.ready = Promise.race([once(this.#child, "message"), this.#ended]);
  }

  /** @returns what it has recorded when it has done the job, or has been stopped, or has crashed */
  record(job: Job): Promise<Report> {
    const said = once(this.#child, "message").then(([report]) => report as Report);
    this.#report = Promise.race([said, this.#ended]);
    this.#send(job);
    return this.#report;
  }

  /** Has it close what it has open after a job. */
  async letGo(): Promise<void> {
    const said = once(this.#child, "message");
    this.#send(LET_GO);
    await Promise.race([said, this.#ended]);
  }

  /** Has it end its job, and kills it: it gets no chance to tidy up. */
  async stop(): Promise<void> {
    this.#send(STOP);
    await this.#report;
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #send(order: Job | typeof STOP | typeof LET_GO): void {
    // That it has ended meanwhile is seen by the report.
    if (this.#child.connected) this.#child.send(order, () => {});
  }
}
