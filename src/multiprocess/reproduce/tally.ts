import { FAULTS, type FaultKind } from "./fault.js";
import type { Report } from "./job.js";

/** Lines of the log that are about faults. */
const MOST_LINES = 20;

/** What a run has come to. */
export class Tally {
  /** What the writers have counted. */
  recorded = 0;
  readonly #log: (line: string) => void;
  readonly #faults = new Map<FaultKind, number>(FAULTS.map((kind) => [kind, 0]));
  #lastLine = "";
  #lines = 0;
  #shown = 0;
  #shownBefore = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** What the last scrape that worked has shown of it, for every time that the folder was new. */
  get delivered(): number {
    return this.#shownBefore + this.#shown;
  }

  get faults(): number {
    return [...this.#faults.values()].reduce((sum, count) => sum + count);
  }

  /** `short read: 12, undecodable key: 3, other: 0` */
  get faultsByKind(): string {
    return Array.from(this.#faults, ([kind, count]) => `${kind}: ${count}`).join(", ");
  }

  /** Takes what a scrape has shown, if it has worked. */
  scraped(total: number | undefined): void {
    if (total !== undefined) this.#shown = total;
  }

  /** The folder is new from here on. */
  startOver(): void {
    this.#shownBefore += this.#shown;
    this.#shown = 0;
  }

  /** Counts a fault, and logs it unless it is the last one once more. */
  fault(where: string, { kind, message }: { kind: FaultKind; message: string }): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    const line = `${where}: ${message}`;
    if (line === this.#lastLine) return;
    this.#lastLine = line;
    this.#lines++;
    if (this.#lines <= MOST_LINES) this.#log(line);
    if (this.#lines === MOST_LINES) this.#log("Further faults are counted, not shown");
  }

  /** Takes what a writer has done. */
  reported(writer: number, { recorded, fault }: Report): void {
    this.recorded += recorded;
    if (fault !== undefined) this.fault(`Process ${writer}`, fault);
  }
}
