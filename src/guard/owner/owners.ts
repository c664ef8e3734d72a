/** The records that a lock owner holds. */
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
  /** Those to be replayed once the stack is empty. */
  readonly #due: Replays[] = [];

  /** Whether a guarded call is on the stack. */
  get onStack(): boolean {
    return this.#depth > 0;
  }

  /** Begins a guarded call on the stack. */
  enter(): void {
    this.#depth++;
  }

  /** Has them replayed once the stack is empty. */
  afterwards(held: Replays): void {
    this.#due.push(held);
  }

  /**
   * Ends a guarded call.
   * @param held those of an owner that may be able to replay now
   */
  leave(held?: Replays): void {
    if (held !== undefined) this.afterwards(held);
    this.#depth--;
    while (this.#depth === 0 && this.#due.length > 0) this.#due.pop()?.replay();
  }
}

/** Of every class whose lock owner is an object other than the instance: another class may have the same. */
export const sharedOwners = new Owners();
