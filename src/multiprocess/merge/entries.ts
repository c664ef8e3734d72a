import { NarrowColumn } from "./narrow-column.js";

const FIRST = 64;

/** The series of a file, in columns: an object for each would be most of what a reader of many files keeps. */
export class Entries {
  length = 0;
  /** Number of the metric among those of the file. */
  readonly family: NarrowColumn;
  /** From the first slot of the series before in the file to that of its own, in slots. */
  readonly step: NarrowColumn;
  /** Number of its order of labels. */
  readonly order: NarrowColumn;
  /** Number of the series of the merged view that it belongs to. */
  readonly target: NarrowColumn;

  /** @param room for so many */
  constructor(room = FIRST) {
    this.family = new NarrowColumn(room);
    this.step = new NarrowColumn(room);
    this.order = new NarrowColumn(room);
    this.target = new NarrowColumn(room);
  }

  get room(): number {
    return this.family.length;
  }

  /** There has to be room for it. */
  push(family: number, step: number, order: number, target: number): void {
    const number = this.length++;
    this.family.set(number, family);
    this.step.set(number, step);
    this.order.set(number, order);
    this.target.set(number, target);
  }

  resize(room: number): void {
    for (const column of [this.family, this.step, this.order, this.target]) column.resize(room);
  }
}
