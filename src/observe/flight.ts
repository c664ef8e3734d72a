import { clearTimeout, setTimeout } from "../timers.js";

/** A flush or send that has begun and not settled. */
export class ObservedFlight {
  /** Records it carries. */
  records = 0;
  /** The client takes it for a success, and it is none. */
  failed = false;
  isOver = false;
  /** Those of its records that somebody has not waited long enough for are counted already. */
  stranded = false;
  /** Called when its callbacks will not be. */
  abandoned: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  /** @param earlier what was in flight when it began */
  constructor(readonly earlier: readonly ObservedFlight[]) {}

  /** @param ms after this many milliseconds it counts as never settling */
  expireAfter(ms: number, expired: () => void): void {
    this.#timer = setTimeout(expired, ms);
    this.#timer.unref();
  }

  end(): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
