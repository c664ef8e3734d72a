import { NativePromise } from "../../methods/promises.js";
import { clock } from "./clock.js";

/** A flush or send, from its beginning until it has settled. */
export abstract class Flight {
  /** How many of the owner's had begun before it; for those to set. */
  number = 0;
  isOver = false;
  /** A flush that was asked for from inside it and comes after it: part of what its caller waits for. */
  followedBy: Promise<unknown> | undefined;
  /** What the client has given, if that is a promise. */
  promise: Promise<unknown> | undefined;
  /** Only a callback tells its end, and none of its kind has yet: whoever waits for it may wait in vain. */
  isDoubtful = false;
  /** Whether it went on after its call had returned; else it could not have sent what was recorded since. */
  wentOn = true;
  /** What the flush was called with. */
  args: readonly unknown[] | undefined;
  /** Those that began before and after it, of all that are in flight. */
  before: Flight | undefined;
  after: Flight | undefined;

  /** Asked for from inside a flush. It is not followed by another such, or they would never end. */
  get reentrant(): boolean {
    return false;
  }

  /** Its call has returned, and nothing that it might have sent has been kept from it. */
  returned(): void {
    this.wentOn = false;
    // A promise that is settled already is told of before this.
    void NativePromise.resolve().then(() => {
      this.wentOn = !this.isOver;
    });
  }
}

interface Waiter {
  upTo: number;
  resolve(): void;
}

/** Everything that is in flight for one owner, in the order in which it began. */
export class Flights {
  #oldest: Flight | undefined;
  #newest: Flight | undefined;
  #size = 0;
  readonly #waiters: Waiter[] = [];
  /** Given up, and still on their way. */
  readonly #overdue = new Set<Flight>();
  readonly #overdueWaiters: (() => void)[] = [];
  #begun = 0;

  get size(): number {
    return this.#size;
  }

  /** How many have begun so far: what `over` takes. */
  get begun(): number {
    return this.#begun;
  }

  begin(flight: Flight): void {
    flight.number = this.#begun++;
    flight.before = this.#newest;
    if (this.#newest === undefined) this.#oldest = flight;
    else this.#newest.after = flight;
    this.#newest = flight;
    this.#size++;
  }

  /** Notes that nobody waits for it any more, but a drain. */
  giveUp(flight: Flight): void {
    this.#overdue.add(flight);
  }

  /** Whether any is on its way that was given up. */
  get hasOverdue(): boolean {
    return this.#overdue.size > 0;
  }

  /**
   * Settles when those have settled that were given up, which may be never.
   * @returns undefined where there is none
   */
  overdue(): Promise<void> | undefined {
    if (!this.hasOverdue) return undefined;
    return new NativePromise((resolve) => this.#overdueWaiters.push(resolve));
  }

  /** @returns false where it was over already */
  end(flight: Flight): boolean {
    if (flight.isOver) {
      this.#arrive(flight);
      return false;
    }
    flight.isOver = true;
    this.#remove(flight);
    while (this.#waiters[0] !== undefined && !this.hasBefore(this.#waiters[0].upTo)) {
      this.#waiters.shift()?.resolve();
    }
    return true;
  }

  /** Whether any is in flight that had begun by then. */
  hasBefore(begun: number): boolean {
    return this.#oldest !== undefined && this.#oldest.number < begun;
  }

  /**
   * Settles when those are over that had begun by then, and never rejects: how another flush ended is not this caller's.
   * @param begun what `begun` was
   * @returns undefined where they are over
   */
  over(begun: number): Promise<void> | undefined {
    if (!this.hasBefore(begun)) return undefined;
    const waited = clock.wait();
    return new NativePromise((resolve) => {
      const over = (): void => {
        waited();
        resolve();
      };
      const at = this.#waiters.findLastIndex(({ upTo }) => upTo <= begun) + 1;
      this.#waiters.splice(at, 0, { upTo: begun, resolve: over });
    });
  }

  #arrive(flight: Flight): void {
    if (!this.#overdue.delete(flight) || this.hasOverdue) return;
    for (const resolve of this.#overdueWaiters.splice(0)) resolve();
  }

  #remove(flight: Flight): void {
    const { before, after } = flight;
    if (before === undefined) this.#oldest = after;
    else before.after = after;
    if (after === undefined) this.#newest = before;
    else after.before = before;
    // What still has the flight does not have the others.
    flight.before = undefined;
    flight.after = undefined;
    this.#size--;
  }
}
