/** The state of a lock owner, as far as its class needs to know it here. */
interface Replays {
  /** Makes what is held. */
  replay(): void;
}

/** What classes have in common whose instances can share a lock owner. */
export class Owners {
  /** Owners whose record calls may have to be kept from a flush. Zero is the fast path of every record call. */
  busy = 0;
  /** Whether a class of these declares its records. */
  areRecordedInto = false;
  /** Guarded calls on the stack. Nothing is replayed into the middle of one. */
  #depth = 0;
  /** Owners that can replay once the stack is empty. */
  readonly #due: Replays[] = [];

  /** Whether a guarded call is on the stack. */
  get onStack(): boolean {
    return this.#depth > 0;
  }

  /** Begins a guarded call on the stack. */
  enter(): void {
    this.#depth++;
  }

  /** Lets an owner replay once the stack is empty. */
  afterwards(guard: Replays): void {
    this.#due.push(guard);
  }

  /**
   * Ends a guarded call.
   * @param guard an owner that may be able to replay now
   */
  leave(guard?: Replays): void {
    if (guard !== undefined) this.afterwards(guard);
    this.#depth--;
    while (this.#depth === 0 && this.#due.length > 0) this.#due.pop()?.replay();
  }
}

/** Of every class whose lock owner is an object other than the instance: another class may have the same. */
export const sharedOwners = new Owners();
