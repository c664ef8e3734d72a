import type { Hazard } from "../telemetry/messages.js";

/** What a buffer holds from one time it is emptied to the next, and which flushes have read it. */
export class Content {
  /** Flushes that have read it and not settled. */
  #open = 0;
  /** Records that each flush has read and sent. */
  readonly #sent: number[] = [];
  /** Records that each flush has read, and whose send has failed. */
  readonly #failed: number[] = [];
  #gone: number | undefined;
  #detached = false;

  /** @param saw takes each hazard that has struck it, with the number of records */
  constructor(private readonly saw: (hazard: Hazard, records: number) => void) {}

  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  /** Whether a flush that reads it is in flight. */
  get isRead(): boolean {
    return this.#open > 0;
  }

  /** A flush begins that reads it. */
  open(): void {
    this.#open++;
  }

  /**
   * A flush that has read it is over.
   * @param records those it has read
   * @param outcome undefined where it has sent nothing
   */
  close(records: number, outcome: "sent" | "failed" | undefined): void {
    this.#open--;
    const read = this.#detached ? Math.max(records, this.#gone ?? 0) : records;
    if (outcome === "sent") this.#sent.push(read);
    if (outcome === "failed") this.#failed.push(read);
    this.#judge();
  }

  /**
   * It is no longer in the buffer.
   * @param records how many those were
   */
  empty(records: number): void {
    this.#gone = records;
    this.#judge();
  }

  /** It was taken out to be sent, not thrown away afterwards: those that read it send all of it. */
  detach(): void {
    this.#detached = true;
  }

  /** Once it is gone and those that read it are over: each has sent what was there when it read it. */
  #judge(): void {
    if (this.#gone === undefined || this.#open > 0) return;
    const sent = Math.max(0, ...this.#sent);
    const read = Math.max(sent, ...this.#failed);
    this.saw("lost update", Math.max(0, this.#gone - read));
    this.saw("failed send", Math.max(0, Math.min(read, this.#gone) - sent));
    this.saw("double send", this.#sent.reduce((sum, records) => sum + records, 0) - sent);
  }
}
