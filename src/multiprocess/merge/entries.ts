import { column } from "./column.js";

/** The series of a file, in columns: an object for each would be most of what a reader of many files keeps. */
export class Entries {
  length = 0;
  /** Number of the metric among those of the file. */
  family: Int32Array;
  /** Position of the first slot in the file. */
  at: Int32Array;
  /** Number of its order of labels. */
  order: Int32Array;
  /** Number of the series of the merged view that it belongs to. */
  target: Int32Array;

  /** @param likely how many there will likely be */
  constructor(likely = 0) {
    const room = Math.max(64, likely);
    this.family = column(Int32Array, room);
    this.at = column(Int32Array, room);
    this.order = column(Int32Array, room);
    this.target = column(Int32Array, room);
  }

  push(family: number, at: number, order: number, target: number): void {
    const number = this.length++;
    if (number === this.at.length) this.#resize(number * 2);
    this.family[number] = family;
    this.at[number] = at;
    this.order[number] = order;
    this.target[number] = target;
  }

  /** Gives back the room that it has for more. */
  trim(): void {
    if (this.length > 0 && this.length < this.at.length) this.#resize(this.length);
  }

  #resize(length: number): void {
    this.family = resized(this.family, length);
    this.at = resized(this.at, length);
    this.order = resized(this.order, length);
    this.target = resized(this.target, length);
  }
}

function resized(before: Int32Array, length: number): Int32Array {
  const other = column(Int32Array, length);
  other.set(before.subarray(0, length));
  return other;
}
