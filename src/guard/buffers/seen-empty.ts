import { isContainer, sizeOf } from "./shapes.js";

/** Which of the buffers of a class have been seen empty: one that never is has places of its own, and must not begin without. */
export class SeenEmpty {
  readonly #empty = new Set<string>();

  constructor(private readonly fields: readonly string[]) {}

  has(field: string): boolean {
    return this.#empty.has(field);
  }

  look(owner: object): void {
    for (const field of this.fields) {
      if (this.#empty.has(field)) continue;
      const buffer = (owner as Record<string, unknown>)[field];
      if (isContainer(buffer) && sizeOf(buffer) === 0) this.#empty.add(field);
    }
  }
}
