import { log } from "../log.js";
import type { GuardedClass, Method } from "./guarded-class.js";
import { isPromise } from "./promises.js";

interface HeldCall {
  method: Method;
  receiver: object;
  args: ArrayLike<unknown>;
}

/** Record calls that wait, in the order they were made. */
export class HeldCalls {
  #calls: HeldCall[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(method: Method, receiver: object, args: ArrayLike<unknown>): void {
    this.#calls.push({ method, receiver, args });
  }

  /** Appends what another queue holds and empties it. */
  takeAll(other: HeldCalls): void {
    this.#calls = this.#calls.concat(other.#calls);
    other.#calls = [];
  }

  /**
   * Makes the calls that wait now; what they add waits on.
   * @param guarded the class whose records they are
   * @param stopped asked before each call; what is left then goes back to the front
   * @returns how many were made
   */
  make(guarded: GuardedClass, stopped: () => boolean): number {
    const calls = this.#calls;
    this.#calls = [];
    let made = 0;
    for (; made < calls.length && !stopped(); made++) {
      const { method, receiver, args } = calls[made] as HeldCall;
      // Its caller has long returned.
      const failed = (error: unknown): void => log.info(`${guarded.name}: a held record call failed: ${String(error)}`);
      guarded.prepare(receiver);
      try {
        const result: unknown = Reflect.apply(method, receiver, args);
        if (isPromise(result)) result.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
    if (made < calls.length) this.#calls = calls.slice(made).concat(this.#calls);
    return made;
  }
}
