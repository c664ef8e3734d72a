import { amountIn, extentOf, weightOf } from "./shapes.js";

const NONE: ReadonlySet<string> = new Set();

/**
 * What an owner had in its own arrays, Maps, Sets and dictionaries when a flush began. Where its target does not say which is
 * the buffer, they tell whether there was anything to send, and whether the flush has taken it.
 */
export class Contents {
  readonly #sizes: Map<string, number>;
  readonly #amounts: Map<string, number>;
  /** What growth is told from. */
  #looked: Map<string, number>;

  /**
   * @param fields those that records are known to change; none: all may be buffers
   * @param recordedInto those in which growth is told
   * @param measure how much is in one, undefined for none; where all may be buffers, a dictionary of figures is not one for its figures
   */
  constructor(
    private readonly owner: object,
    private readonly fields: ReadonlySet<string> = NONE,
    private readonly recordedInto: ReadonlySet<string> = fields,
    private readonly measure: (buffer: unknown) => number | undefined = fields.size > 0 ? weightOf : extentOf,
  ) {
    this.#sizes = this.#now();
    this.#amounts = new Map([...fields].map((field) => [field, amountIn(this.#at(field))]));
    this.#looked = this.#sizes;
  }

  /** Those of the fields told of in which there is more than there was. */
  get grown(): string[] {
    const now = [...this.#now()].filter(([field]) => this.recordedInto.size === 0 || this.recordedInto.has(field));
    return now.filter(([field, size]) => size > (this.#looked.get(field) ?? 0)).map(([field]) => field);
  }

  /** Whether there was something that could be a buffer, and nothing in it. */
  get isEmpty(): boolean {
    return this.#sizes.size > 0 && [...this.#sizes.values()].every((size) => size === 0);
  }

  /** Whether the flush has taken something out, of each of them where they are known: what is recorded now is safe. */
  get isTaken(): boolean {
    if (this.fields.size === 0) return this.hasTaken;
    return [...this.#amounts].every(([field, amount]) => amountIn(this.#at(field)) < amount);
  }

  /** Whether it has taken something out of one of them. */
  get hasTaken(): boolean {
    return this.taken.length > 0;
  }

  /** The fields that it has taken something out of. */
  get taken(): string[] {
    return this.#which((size, now) => now < size);
  }

  /** The fields in which there was something, and is no less. */
  get left(): string[] {
    return this.#which((size, now) => size > 0 && now >= size);
  }

  /** Whether all that was there is there still. */
  get isUntouched(): boolean {
    return [...this.#sizes.values()].some((size) => size > 0) && !this.hasTaken;
  }

  /** Whether something has been put in since. */
  get hasGrown(): boolean {
    return this.grown.length > 0;
  }

  /** From here on `hasGrown` is about what comes. */
  look(): void {
    this.#looked = this.#now();
  }

  #at(field: string): unknown {
    return Object.getOwnPropertyDescriptor(this.owner, field)?.value;
  }

  #which(test: (size: number, now: number) => boolean): string[] {
    const now = this.#now();
    return [...this.#sizes].filter(([field, size]) => test(size, now.get(field) ?? 0)).map(([field]) => field);
  }

  #now(): Map<string, number> {
    const sizes = new Map<string, number>();
    for (const [field, { value }] of Object.entries(Object.getOwnPropertyDescriptors(this.owner))) {
      if (this.fields.size > 0 && !this.fields.has(field)) continue;
      const size = this.measure(value);
      if (size !== undefined) sizes.set(field, size);
    }
    return sizes;
  }
}
