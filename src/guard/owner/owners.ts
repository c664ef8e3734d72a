/** What classes have in common whose instances can share a lock owner. */
export class Owners {
  /** Owners whose record calls may have to be kept from a flush. Zero is the fast path of every record call. */
  busy = 0;
  /** Whether a class of these declares its records. */
  areRecordedInto = false;
  /** Guarded calls on the stack. Nothing is replayed into the middle of one. */
  #depth = 0;
  /** What is due once the stack is empty. */
  readonly #due: (() => void)[] = [];

  /** Whether a guarded call is on the stack. */
  get onStack(): boolean {
    return this.#depth > 0;
  }

  /** Begins a guarded call on the stack. */
  enter(): void {
    this.#depth++;
  }

  /** Lets something be done once the stack is empty; what comes last is done first. */
  afterwards(call: () => void): void {
    this.#due.push(call);
  }

  /**
   * Ends a guarded call.
   * @param call done once the stack is empty, which may be now
   */
  leave(call?: () => void): void {
    if (call !== undefined) this.afterwards(call);
    this.#depth--;
    while (this.#depth === 0 && this.#due.length > 0) this.#due.pop()?.();
  }
}

/** Of every class whose lock owner is an object other than the instance: another class may have the same. */
export const sharedOwners = new Owners();
