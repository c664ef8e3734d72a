type Method = (this: unknown, ...args: unknown[]) => unknown;
type Shimmed = Method & { __original?: Method; __unwrap?: unknown };

/**
 * A method that somebody else has wrapped with shimmer, beneath a wrapper of ours. They take theirs away by what they
 * find on top, which is ours: it then leaves out the one beneath.
 */
export class Removable {
  #current: Shimmed;
  /** What a wrapper on top calls. */
  readonly call: Method;

  constructor(method: Method) {
    this.#current = method;
    const removable = this;
    this.call = Object.assign(
      function (this: unknown, ...args: unknown[]) {
        return Reflect.apply(removable.#current, this, args);
      },
      { __original: method },
    );
  }

  /** @returns undefined where nobody has wrapped it */
  static of(method: Shimmed): Removable | undefined {
    return typeof method.__unwrap === "function" && method.__original !== undefined ? new Removable(method) : undefined;
  }

  get current(): Method {
    return this.#current;
  }

  remove(): void {
    this.#current = this.#current.__original ?? this.#current;
  }
}
