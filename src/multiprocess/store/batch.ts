import process from "node:process";
import { now, queueMicrotask, setTimeout } from "../../timers.js";

const { nextTick } = process;

/**
 * Calls back once for all that begins within some time: at its end, or at the end of the tick. So it does at first, as there is
 * no file yet, and a process may not live long.
 */
export class Batch {
  readonly #lengthMs: number;
  readonly #end: () => void;
  #waiting = false;
  #isFirst = true;
  #beganMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param lengthMs how long; 0 is until all callbacks and promise reactions of the tick have run */
  constructor(lengthMs: number, end: () => void) {
    this.#lengthMs = lengthMs;
    this.#end = () => {
      this.#waiting = false;
      end();
    };
  }

  /** Whether something has begun that has not been called back for. */
  get waiting(): boolean {
    return this.#waiting;
  }

  begin(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#beganMs = now();
    if (this.#lengthMs === 0 || this.#isFirst) this.#endWithTick();
    else this.#wait();
  }

  /** Calls back at once where that is late: a loop of promises alone keeps timers waiting. */
  hurry(): void {
    if (this.#waiting && this.#lengthMs > 0 && now() - this.#beganMs > this.#lengthMs) this.#end();
  }

  #endWithTick(): void {
    this.#isFirst = false;
    // A tick callback that is added by a promise reaction runs after all of them.
    queueMicrotask(() => nextTick(this.#end));
  }

  #wait(): void {
    // One timer for life: a batch allocates nothing.
    if (this.#timer === undefined) this.#timer = setTimeout(this.#end, this.#lengthMs).unref();
    else this.#timer.refresh();
  }
}
