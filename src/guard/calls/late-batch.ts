import { Contents } from "../buffers/contents.js";
import type { GuardedClass } from "../owner/guarded-class.js";

/** A flush that is declared to take its batch before it first waits: whether it takes it later. */
export class LateBatch {
  readonly #found: Contents;
  readonly #flushes: number;
  #isLeft = false;

  constructor(
    private readonly guarded: GuardedClass,
    instance: object,
    private readonly name: string,
  ) {
    this.#found = new Contents(guarded.ownerOf(instance), guarded.bufferFields.all);
    this.#flushes = guarded.counters.flushes;
  }

  /** The call has returned. */
  returned(): void {
    this.#isLeft = this.#found.isUntouched;
  }

  /** It has settled. What another has taken meanwhile says nothing of it. */
  settled(): void {
    if (!this.#isLeft || this.guarded.counters.flushes !== this.#flushes) return;
    const { taken } = this.#found;
    if (taken.length === 0) return;
    const names = taken.map((name) => `"${name}"`).join(", ");
    this.guarded.tell(
      `batch: found "detached", expected a flush that takes its batch before it first waits; "${this.name}" has taken ${names} later, and flushes that overlap are as without the guard`,
      "warn",
    );
  }
}
