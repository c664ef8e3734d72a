/** The callbacks a flush without a promise has handed out: it has settled when each has been called. */
export class Callbacks {
  #outstanding = 0;
  #settlesFlight = false;

  /** @param settle ends the flight; called at most once */
  constructor(private readonly settle: () => void) {}

  /** Whether any has not been called yet. */
  get awaited(): boolean {
    return this.#outstanding > 0;
  }

  add(): void {
    this.#outstanding++;
  }

  called(): void {
    this.#outstanding--;
    // What the client does after its callback still belongs to the flush.
    if (this.#settlesFlight && this.#outstanding === 0) queueMicrotask(this.settle);
  }

  /** None of them will be called. */
  abandon(): void {
    this.#outstanding = 0;
    if (this.#settlesFlight) this.settle();
  }

  /** From here on the last call settles the flight: its own call has returned without a promise. */
  settleFlight(): void {
    this.#settlesFlight = true;
  }
}

/** The arguments with a callback that does nothing at this position, unless a caller gave one. */
export function givenCallback(args: readonly unknown[], position: number | undefined): readonly unknown[] {
  if (position === undefined || args.some((arg) => typeof arg === "function")) return args;
  const given = Array.from({ length: Math.max(args.length, position + 1) }, (_, index) => args[index]);
  given[position] = (): void => {};
  return given;
}

/**
 * The arguments with the last function among them reporting its first call.
 * @param wanted whether the callback may still be called: one that comes after its batch was given up would clear the live buffer
 * @returns undefined where no argument is a function
 */
export function withCallback(
  args: readonly unknown[],
  callbacks: Callbacks,
  wanted: () => boolean = () => true,
): readonly unknown[] | undefined {
  const index = args.findLastIndex((arg) => typeof arg === "function");
  if (index === -1) return undefined;
  const callback = args[index] as (...results: unknown[]) => unknown;
  callbacks.add();
  let first = true;
  return args.with(index, function (this: unknown, ...results: unknown[]) {
    if (!wanted()) return undefined;
    if (first) callbacks.called();
    first = false;
    return Reflect.apply(callback, this, results);
  });
}
