import { randomInt } from "node:crypto";
import { column, memory } from "./column.js";

const FIRST = 8;
const FIRST_BYTES = 256;
/** Part of the places of the index that are free, at least: half. */
const FREE = 2;
/** Another one in each process: texts come from outside, and must not be chosen so that they all meet. */
const SEED = randomInt(2 ** 31);

/**
 * Texts by number, each of them once, as bytes outside of V8's heap: a string for each would be most of what a reader of many
 * files keeps.
 */
export class TextTable {
  length = 0;
  #bytes = memory(FIRST_BYTES);
  /** Where each ends; there the next one begins. */
  #ends = column(Uint32Array, FIRST);
  #hashes = column(Int32Array, FIRST);
  /** Numbers, one more each, at the place of their hash or behind it; 0 where there is none. */
  #index = column(Int32Array, FIRST * FREE);

  /**
   * The number of a text, which it has from now on if it had none.
   * @param bytes has it from `from` to `to`
   * @param likely the number that it likely has
   */
  numberOf(bytes: Uint8Array, from: number, to: number, likely = -1): number {
    if (likely >= 0 && likely < this.length && this.#is(likely, bytes, from, to)) return likely;
    const hash = hashOf(bytes, from, to);
    for (let place = hash; ; place++) {
      const number = (this.#index[place & (this.#index.length - 1)] as number) - 1;
      if (number < 0) return this.#push(bytes, from, to, hash);
      if (this.#hashes[number] === hash && this.#is(number, bytes, from, to)) return number;
    }
  }

  textOf(number: number): string {
    return this.#bytes.toString("utf8", this.startOf(number), this.#ends[number]);
  }

  /** All of them, one after another: other bytes once there are more. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  bytesOf(number: number): Uint8Array {
    return this.#bytes.subarray(this.startOf(number), this.endOf(number));
  }

  startOf(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number);
  }

  endOf(number: number): number {
    return this.#ends[number] as number;
  }

  #is(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.startOf(number);
    if ((this.#ends[number] as number) - start !== to - from) return false;
    const own = this.#bytes;
    // Texts of one kind differ at their ends.
    for (let i = to - from - 1; i >= 0; i--) if (own[start + i] !== bytes[from + i]) return false;
    return true;
  }

  #push(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const number = this.length;
    const start = this.startOf(number);
    const end = start + to - from;
    if (end > this.#bytes.length) this.#growBytes(end);
    if (number === this.#ends.length) this.#grow();
    const own = this.#bytes;
    for (let i = from; i < to; i++) own[start + i - from] = bytes[i] as number;
    this.#ends[number] = end;
    this.#hashes[number] = hash;
    this.#put(number, hash);
    this.length++;
    return number;
  }

  #put(number: number, hash: number): void {
    const mask = this.#index.length - 1;
    let place = hash & mask;
    while (this.#index[place] !== 0) place = (place + 1) & mask;
    this.#index[place] = number + 1;
  }

  #growBytes(end: number): void {
    const larger = memory(Math.max(end, this.#bytes.length * 2));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }

  #grow(): void {
    const [ends, hashes, length] = [this.#ends, this.#hashes, this.length * 2];
    this.#ends = column(Uint32Array, length);
    this.#ends.set(ends);
    this.#hashes = column(Int32Array, length);
    this.#hashes.set(hashes);
    this.#index = column(Int32Array, length * FREE);
    for (let number = 0; number < this.length; number++) this.#put(number, hashes[number] as number);
  }
}

/** FNV-1a, with its upper half brought into the lower one, which says the place. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = SEED;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}
