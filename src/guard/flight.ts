/** A flush, send or record that has begun and not settled. */
export class Flight {
  /** The error it ended with. */
  error: { cause: unknown } | undefined;
  /** Whether it has the lock. */
  locked = false;
  /** Whether code started by it is told apart, until it ends. */
  inContext = false;
  isOver = false;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    /** Whether record calls are held while it is in flight. */
    readonly holds: boolean,
    /** Whether it was asked for from inside a flush. It is not followed by another such, or they would never end. */
    readonly reentrant = false,
  ) {}

  /** @param ms after this many milliseconds the flight counts as never settling */
  expireAfter(ms: number, expired: () => void): void {
    this.#timer = setTimeout(expired, ms);
    this.#timer.unref();
  }

  /** Settles when the flight is over or has lost the lock; never rejects. */
  over(): Promise<void> {
    return this.isOver ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  end(error?: { cause: unknown }): void {
    if (this.isOver) return;
    this.isOver = true;
    this.error = error;
    clearTimeout(this.#timer);
    // A timer keeps the store it was begun in, and with it the flight before this one.
    this.#timer = undefined;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
