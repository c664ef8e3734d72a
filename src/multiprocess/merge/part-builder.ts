import { type Meta, slotsOf } from "../meta.js";
import type { LabelText } from "../store/label-text.js";
import { Entries } from "./entries.js";
import type { Families } from "./families.js";
import type { Part } from "./merge.js";

const NO_ORDER = new Uint8Array(0);

/** Makes what a file would say of metrics that are in none. */
export class PartBuilder {
  readonly part = {
    families: [] as Part["families"][number][],
    entries: new Entries(),
    values: [] as number[],
    out: new Set<number>(),
    exemplars: new Map(),
    folded: undefined,
  } satisfies Part;
  readonly #into: Families;

  constructor(into: Families) {
    this.#into = into;
  }

  /** @returns its number */
  family(meta: Meta): number {
    const family = { meta, flags: 0, at: 0, slots: slotsOf(meta), size: 0, merged: this.#into.of(meta), last: -1 };
    return this.part.families.push(family) - 1;
  }

  /** @param numbers as many as it has slots */
  series(family: number, { text, order = NO_ORDER }: LabelText, numbers: readonly number[]): void {
    const { families, entries, values } = this.part;
    const stored = families[family] as Part["families"][number];
    const { slots, merged } = stored;
    const labels = Buffer.from(text);
    const target = merged.series.numberOf(labels, 0, labels.length);
    if (entries.isFull) entries.grow(2);
    entries.push(family, 0, this.#into.orders.numberOf(order, 0, order.length), target);
    for (let i = 0; i < slots; i++) values.push(numbers[i] ?? NaN);
    stored.size++;
  }
}
