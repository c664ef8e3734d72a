import { clearTimeout, setTimeout } from "../../timers.js";

const FIRST_MS = 50;
const MOST_MS = 1000;

/** Waits between attempts at what the disk refuses: longer each time, and not as long in every process. */
export class BackOff {
  readonly #again: () => void;
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param again called when it is time for another attempt. The timer does not keep the process alive */
  constructor(again: () => void) {
    this.#again = again;
  }

  /** Whether the last attempt was refused. */
  get failing(): boolean {
    return this.#attempts > 0;
  }

  /** Whether to wait. */
  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /** @returns whether it is the first refusal in a row */
  refused(): boolean {
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.#attempts);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#again();
      },
      most * (0.5 + Math.random() / 2),
    ).unref();
    return this.#attempts++ === 0;
  }

  over(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempts = 0;
  }
}
