import { NativePromise } from "../../methods/promises.js";
import { clock } from "../owner/clock.js";

/** A flush that several callers wait for and that has not begun. */
export class FollowUp {
  /** Another flush has run in its place. */
  #adopted: { result: unknown } | undefined;

  #isShared = false;

  /**
   * @param promise gives what the flush gives
   * @param flush calls the original
   * @param locked settles when it has the lock
   */
  constructor(
    readonly promise: Promise<unknown>,
    private readonly flush: () => unknown,
    private readonly locked: Promise<void>,
  ) {}

  /** Whether anybody waits for it but the first. */
  get isShared(): boolean {
    return this.#isShared;
  }

  join(): Promise<unknown> {
    this.#isShared = true;
    void this.locked.then(clock.wait());
    return this.promise;
  }

  get adopted(): { result: unknown } | undefined {
    return this.#adopted;
  }

  /** Runs at once, unguarded. */
  runNow(): void {
    this.adopt(new NativePromise((resolve) => resolve(this.flush())));
  }

  adopt(result: unknown): void {
    this.#adopted = { result };
  }
}
