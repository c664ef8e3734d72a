import type { Hazard } from "../telemetry/messages.js";

/** What became of the records that a flush has read. */
export type Fate = "sent" | "failed";

/** What a buffer holds from one time it is emptied to the next, and which flushes have read it. */
export class Content {
  /** Flushes that have read it and not settled, and whoever has emptied the buffer and not settled. */
  #open = 0;
  /** Records that each flush has read and sent. */
  readonly #sent: number[] = [];
  /** Records that each flush has read, and whose send has failed. */
  readonly #failed: number[] = [];
  #gone: number | undefined;
  #takenOut = false;

  /** @param saw takes each hazard that has struck it, with the number of records */
  constructor(private readonly saw: (hazard: Hazard, records: number) => void) {}

  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  /** Whether it left the buffer to be sent, and was not thrown away afterwards. */
  get isTakenOut(): boolean {
    return this.#takenOut;
  }

  /** Whether a flush that has read it is in flight. */
  get isRead(): boolean {
    return this.#open > 0;
  }

  /** It is waited for somebody who tells more about it. */
  open(): void {
    this.#open++;
  }

  /**
   * One of those is over.
   * @param records those it has read
   */
  close(records = 0, fate?: Fate): void {
    this.#open--;
    if (fate === "sent") this.#sent.push(records);
    if (fate === "failed") this.#failed.push(records);
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

  /** It left the buffer to be sent: whoever does that sends all of it, once. */
  takeOut(): void {
    this.#takenOut = true;
  }

  /** Once it is gone and those that read it are over: each has sent what was there when it read it. */
  #judge(): void {
    if (this.#gone === undefined || this.#open > 0) return;
    if (this.#takenOut) {
      if (this.#sent.length === 0 && this.#failed.length > 0) this.saw("failed send", this.#gone);
      return;
    }
    const sent = Math.max(0, ...this.#sent);
    const read = Math.max(sent, ...this.#failed);
    this.saw("lost update", Math.max(0, this.#gone - read));
    this.saw("failed send", Math.max(0, Math.min(read, this.#gone) - sent));
    this.saw("double send", this.#sent.reduce((sum, records) => sum + records, 0) - sent);
  }
}
