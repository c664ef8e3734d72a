import type { Contents } from "./contents.js";

/**
 * Fields of an owner that are buffers: those that its target names, and those that records have been seen to add to, a count
 * of what is in one among them. A field that records add to, and that a flush which has taken from another leaves, is none.
 */
export class BufferFields {
  readonly #named: ReadonlySet<string>;
  /** Never changed, but replaced: a flush keeps those that it began with. */
  #all: ReadonlySet<string>;
  readonly #left = new Set<string>();
  /** Those that the target names and that a record has put something into, while no flush ran. */
  readonly used = new Set<string>();
  /** Of owners, how many records have not, though it could be seen. */
  readonly #missing = new WeakMap<object, number>();

  constructor(named: readonly string[]) {
    this.#named = new Set(named);
    this.#all = this.#named;
  }

  /** As they are known now. */
  get all(): ReadonlySet<string> {
    return this.#all;
  }

  /** Those in which a record is told from what it leaves beside them: where records use what the target names, no others. */
  get recordedInto(): ReadonlySet<string> {
    return this.used.size > 0 ? this.#named : this.all;
  }

  /** Whether the target names one that no record has used: a client may put there what is recorded while it flushes. */
  get hasUnused(): boolean {
    return this.used.size < this.#named.size;
  }

  /** Those that may be buffers and that the target does not name. */
  get unnamed(): string[] {
    return [...this.#all].filter((field) => !this.#named.has(field));
  }

  /** Notes that a record has put nothing into those of an owner that the target names. */
  missed(owner: object): void {
    this.#missing.set(owner, (this.#missing.get(owner) ?? 0) + 1);
  }

  /** Whether records of an owner put their values elsewhere, or later. A single one may have been dropped. */
  areMissed(owner: object): boolean {
    return this.used.size === 0 && (this.#missing.get(owner) ?? 0) > 1;
  }

  /**
   * Notes that a record has added to these.
   * @returns whether any was not known yet
   */
  add(fields: readonly string[]): boolean {
    const added = fields.filter((field) => !this.#all.has(field) && !this.#left.has(field));
    if (added.length > 0) this.#all = new Set([...this.#all, ...added]);
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
    const left = found.left.filter((field) => !this.#named.has(field));
    for (const field of left) this.#left.add(field);
    if (left.length > 0) this.#all = new Set([...this.#all].filter((field) => !this.#left.has(field)));
    const others = taken.filter((field) => !this.#named.has(field));
    return others.length < taken.length ? others : [];
  }
}
