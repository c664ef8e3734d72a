import type { GuardedClass } from "../owner/guarded-class.js";
import { givenCallback, hasCallback } from "./callback-argument.js";

/**
 * The callback of a flush that its callers leave out: one is given, so that the end of the call is told. Where a promise comes
 * back instead of one, that tells the end; what an app has declared has first to be seen at work.
 */
export class LeftOutCallback {
  readonly #position: number | undefined;
  #isGiven: boolean | undefined;

  constructor({ isOwn, roles }: Pick<GuardedClass, "isOwn" | "roles">) {
    this.#position = roles.ends?.callback;
    this.#isGiven = this.#position !== undefined && isOwn ? undefined : true;
  }

  /** Whether it is known what comes back where it is left out. */
  get isKnown(): boolean {
    return this.#isGiven !== undefined;
  }

  /** What the original is called with. */
  arguments(args: readonly unknown[]): readonly unknown[] {
    return this.#isGiven === true ? givenCallback(args, this.#position) : args;
  }

  /** A call with these arguments has returned. */
  returned(args: readonly unknown[], result: unknown, receiver: unknown): void {
    if (this.isKnown || hasCallback(args)) return;
    this.#isGiven = result === undefined || result === receiver;
  }
}
