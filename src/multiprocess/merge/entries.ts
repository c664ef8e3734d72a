import { NarrowColumn } from "./narrow-column.js";

const FIRST = 64;

/** An object for each series would be most of what a reader of many files keeps. */
class Columns {
  /** Those that one of the files which share them has. */
  length = 0;
  readonly family: NarrowColumn;
  readonly step: NarrowColumn;
  readonly order: NarrowColumn;
  readonly target: NarrowColumn;

  constructor(room: number) {
    this.family = new NarrowColumn(room);
    this.step = new NarrowColumn(room);
    this.order = new NarrowColumn(room);
    this.target = new NarrowColumn(room);
  }

  get room(): number {
    return this.family.length;
  }

  has(number: number, family: number, step: number, order: number, target: number): boolean {
    return (
      this.target.at(number) === target &&
      this.step.at(number) === step &&
      this.order.at(number) === order &&
      this.family.at(number) === family
    );
  }

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

  copy(length: number): Columns {
    const copy = new Columns(this.room);
    for (let i = 0; i < length; i++) copy.push(this.family.at(i), this.step.at(i), this.order.at(i), this.target.at(i));
    return copy;
  }
}

/**
 * The series of a file. Processes of one program mostly have the same series in the same order: their files share what they
 * have read of them, as far as it is the same.
 */
export class Entries {
  length = 0;
  #columns: Columns;

  /** @param like those of another file */
  constructor(like?: Entries) {
    this.#columns = like === undefined ? new Columns(FIRST) : like.#columns;
  }

  /** Number of the metric among those of the file. */
  get family(): NarrowColumn {
    return this.#columns.family;
  }

  /** From the first slot of the series before in the file to that of its own, in slots; of the first one 0. */
  get step(): NarrowColumn {
    return this.#columns.step;
  }

  /** Number of its order of labels. */
  get order(): NarrowColumn {
    return this.#columns.order;
  }

  /** Number of the series of the merged view that it belongs to. */
  get target(): NarrowColumn {
    return this.#columns.target;
  }

  get isFull(): boolean {
    return this.length === this.#columns.room;
  }

  /** There has to be room for it. */
  push(family: number, step: number, order: number, target: number): void {
    const number = this.length++;
    if (number < this.#columns.length) {
      if (this.#columns.has(number, family, step, order, target)) return;
      this.#columns = this.#columns.copy(number);
    }
    this.#columns.push(family, step, order, target);
  }

  /** Makes room for so many times as many. */
  grow(times: number): void {
    this.#columns.resize(Math.ceil(this.#columns.room * times));
  }

  /** Gives the rest of the room back where it is more than a part of what is needed. */
  trim(times: number): void {
    const { length, room } = this.#columns;
    if (length < room / times) this.#columns.resize(Math.max(1, length));
  }
}
