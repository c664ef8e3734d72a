import { clock } from "../owner/clock.js";

/** A flush that several callers wait for and that has not begun. */
export class FollowUp {
  /** Another flush has run in its place. */
  #adopted: { result: unknown } | undefined;

  #isShared = false;

  /**
   * @param promise gives what the flush gives
   * @param flush calls the original
   */
  constructor(
    readonly promise: Promise<unknown>,
    private readonly flush: () => unknown,
  ) {}

  /** Whether anybody waits for it but the first. */
  get isShared(): boolean {
    return this.#isShared;
  }

  join(): Promise<unknown> {
    this.#isShared = true;
    // By itself it might have found nothing to wait for, also when the other has begun.
    const waited = clock.wait();
    this.promise.then(waited, waited);
    return this.promise;
  }

  get adopted(): { result: unknown } | undefined {
    return this.#adopted;
  }

  /** Runs at once, unguarded. */
  runNow(): void {
    this.adopt(new Promise((resolve) => resolve(this.flush())));
  }

  adopt(result: unknown): void {
    this.#adopted = { result };
  }
}
