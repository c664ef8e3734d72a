import { column } from "./column.js";

type Column = Uint8Array | Uint16Array | Uint32Array;

/** A column of whole numbers, each of no more bytes than the largest of them takes. */
export class NarrowColumn {
  #numbers: Column;
  /** The largest that there is room for. */
  #most = 0xff;

  constructor(length: number) {
    this.#numbers = columnFor(this.#most, length);
  }

  get length(): number {
    return this.#numbers.length;
  }

  at(index: number): number {
    return this.#numbers[index] as number;
  }

  set(index: number, number: number): void {
    if (number > this.#most) {
      this.#most = number > 0xffff ? 0xffffffff : 0xffff;
      this.resize(this.length);
    }
    this.#numbers[index] = number;
  }

  resize(length: number): void {
    const before = this.#numbers;
    this.#numbers = columnFor(this.#most, length);
    this.#numbers.set(before.subarray(0, length));
  }
}

function columnFor(most: number, length: number): Column {
  if (most === 0xff) return column(Uint8Array, length);
  return most === 0xffff ? column(Uint16Array, length) : column(Uint32Array, length);
}
