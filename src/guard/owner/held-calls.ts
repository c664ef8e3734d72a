import { AsyncResource } from "node:async_hooks";
import type { Method } from "../../methods/method.js";

interface HeldCall {
  method: Method;
  receiver: object;
  args: readonly unknown[];
  /** Of the code that made it: what the method reads from an AsyncLocalStorage, such as the active span, is found there. */
  context: AsyncResource;
}

/** Record calls that wait, in the order they were made. */
export class HeldCalls {
  #calls: HeldCall[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(method: Method, receiver: object, args: readonly unknown[]): void {
    const context = new AsyncResource("flushguard.held", { requireManualDestroy: true });
    this.#calls.push({ method, receiver, args, context });
  }

  /** Appends what another queue holds and empties it. */
  takeAll(other: HeldCalls): void {
    this.#calls = this.#calls.concat(other.#calls);
    other.#calls = [];
  }

  /**
   * Makes the calls that wait now.
   * @param failed told of what a call throws: its caller has long returned
   * @param stopped asked before each call; what is left then waits on
   * @returns how many were made, and the calls that they have added, which do not wait here any more
   */
  make(failed: (error: unknown) => void, stopped: () => boolean): { made: number; added: HeldCalls } {
    const calls = this.#calls;
    const added = new HeldCalls();
    this.#calls = [];
    let made = 0;
    for (; made < calls.length && !stopped(); made++) {
      const { method, receiver, args, context } = calls[made] as HeldCall;
      try {
        context.runInAsyncScope(method, receiver, ...args);
      } catch (error) {
        failed(error);
      }
    }
    added.takeAll(this);
    this.#calls = calls.slice(made);
    return { made, added };
  }
}
