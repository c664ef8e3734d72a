import type { Contents } from "./contents.js";

/**
 * Fields of an owner that are buffers: those that its target names, and those that records have been seen to add to, a count
 * of what is in one among them. A field that records add to, and that a flush which has taken from another leaves, is none.
 */
export class BufferFields {
  readonly #named: ReadonlySet<string>;
  readonly #all: Set<string>;
  readonly #left = new Set<string>();
  /** Whether a record has put something into one that the target names; undefined where none has told. */
  isUsed: boolean | undefined;

  constructor(named: readonly string[]) {
    this.#named = new Set(named);
    this.#all = new Set(named);
  }

  /** As they are known now. */
  get all(): ReadonlySet<string> {
    return new Set(this.#all);
  }

  /** Those that may be buffers and that the target does not name. */
  get unnamed(): string[] {
    return [...this.#all].filter((field) => !this.#named.has(field));
  }

  /**
   * Notes that a record has added to these.
   * @returns whether any was not known yet
   */
  add(fields: readonly string[]): boolean {
    const added = fields.filter((field) => !this.#all.has(field) && !this.#left.has(field));
    for (const field of added) this.#all.add(field);
    return added.length > 0;
  }

  /**
   * Sees what a flush has left, during which nothing was added.
   * @param found what there was before it
   * @returns those it has taken from beside one that the target names
   */
  flushed(found: Contents): string[] {
    const { taken } = found;
    if (taken.length === 0) return [];
    for (const field of found.left) {
      if (this.#named.has(field)) continue;
      this.#all.delete(field);
      this.#left.add(field);
    }
    const others = taken.filter((field) => !this.#named.has(field));
    return others.length < taken.length ? others : [];
  }
}
