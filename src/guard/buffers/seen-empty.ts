import { type Form, figuresForm, isContainer, isDictionary, plainForm, type Rules, sizeOf } from "./shapes.js";

/**
 * How the buffers of a class have been seen empty: one that never is has places of its own, and must not begin without. Of a
 * dictionary of figures that are added up the names may stay, each with 0.
 */
export class SeenEmpty {
  /** The names that stay. */
  readonly #names = new Map<string, readonly string[]>();

  constructor(private readonly rules: Rules) {}

  /** Whether nothing has stayed in it. */
  has(field: string): boolean {
    return this.#names.get(field)?.length === 0;
  }

  /** What another buffer beside this one is like; undefined where none has been seen empty. */
  formOf(field: string, buffer: unknown): Form | undefined {
    if (!isContainer(buffer)) return plainForm(buffer);
    const names = this.#names.get(field);
    if (names === undefined) return undefined;
    return names.length === 0 ? plainForm(buffer) : figuresForm(buffer, names);
  }

  look(owner: object): void {
    for (const [field, rule] of this.rules) {
      if (this.has(field)) continue;
      const buffer = (owner as Record<string, unknown>)[field];
      if (!isContainer(buffer)) continue;
      if (sizeOf(buffer) === 0) this.#names.set(field, []);
      else if (rule === "sum" && isDictionary(buffer) && Object.values(buffer).every((figure) => figure === 0))
        this.#names.set(field, Object.keys(buffer));
    }
  }
}
