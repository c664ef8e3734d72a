import { type Meta, slotsOf } from "../meta.js";
import type { LabelText } from "../store/label-text.js";
import { Entries } from "./entries.js";
import type { Part } from "./merge.js";

/** Makes what a file would say of metrics that are in none. */
export class PartBuilder {
  readonly part = {
    families: [] as Part["families"][number][],
    entries: new Entries(),
    values: [] as number[],
    out: [] as number[],
    exemplars: new Map(),
    folded: undefined,
    layout: 0,
  } satisfies Part;

  /** @returns its number */
  family(meta: Meta): number {
    return this.part.families.push({ meta, flags: 0, at: 0, slots: slotsOf(meta) }) - 1;
  }

  /** @param numbers as many as it has slots */
  series(family: number, labels: LabelText, numbers: readonly number[]): void {
    const { families, entries, values } = this.part;
    const count = families[family]?.slots ?? 0;
    entries.push(family, 0, labels);
    for (let i = 0; i < count; i++) values.push(numbers[i] ?? NaN);
  }
}
