/** The series of a file, in columns: an object for each would be most of what a reader of many files keeps. */
export class Entries {
  length = 0;
  /** Number of the metric among those of the file. */
  family: Int32Array<ArrayBuffer>;
  /** Position of the first slot in the file. */
  at: Int32Array<ArrayBuffer>;
  /** Number of its order of labels. */
  order: Int32Array<ArrayBuffer>;
  /** Number of the series of the merged view that it belongs to. */
  target: Int32Array<ArrayBuffer>;

  /** @param likely how many there will likely be */
  constructor(likely = 0) {
    const room = Math.max(64, likely);
    this.family = new Int32Array(room);
    this.at = new Int32Array(room);
    this.order = new Int32Array(room);
    this.target = new Int32Array(room);
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

function resized(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const other = new Int32Array(length);
  other.set(column.subarray(0, length));
  return other;
}
