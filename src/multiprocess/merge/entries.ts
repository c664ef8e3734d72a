import type { LabelText } from "../store/label-text.js";

/** The series of a file, in columns: an object for each would be most of what a reader of many files keeps. */
export class Entries {
  length = 0;
  family: Int32Array<ArrayBuffer>;
  at: Int32Array<ArrayBuffer>;
  #texts: string[];
  /** By number, that of its order among those that there are. */
  #order: Int32Array<ArrayBuffer>;
  readonly #orders: LabelText["order"][] = [undefined];
  #orderNumbers = new Map<LabelText["order"], number>([[undefined, 0]]);

  /** @param likely how many there will likely be */
  constructor(likely = 0) {
    const room = Math.max(64, likely);
    this.family = new Int32Array(room);
    this.at = new Int32Array(room);
    this.#order = new Int32Array(room);
    this.#texts = Array.from({ length: room }, () => "");
  }

  push(family: number, at: number, { text, order }: LabelText): void {
    const number = this.length++;
    if (number === this.at.length) this.#resize(number * 2);
    this.family[number] = family;
    this.at[number] = at;
    this.#order[number] = this.#numberOf(order);
    this.#texts[number] = text;
  }

  /** Empty where there is none of that number. */
  textOf(number: number): string {
    return this.#texts[number] ?? "";
  }

  orderOf(number: number): LabelText["order"] {
    return this.#orders[this.#order[number] ?? 0];
  }

  /** @param text the same, of which there is a string that others have too */
  share(number: number, text: string): void {
    this.#texts[number] = text;
  }

  /** Gives back the room that it has for more. */
  trim(): void {
    if (this.length === 0 || this.length === this.at.length) return;
    this.#resize(this.length);
  }

  #numberOf(order: LabelText["order"]): number {
    let number = this.#orderNumbers.get(order);
    if (number === undefined) {
      number = this.#orders.push(order) - 1;
      this.#orderNumbers.set(order, number);
    }
    return number;
  }

  #resize(length: number): void {
    this.family = resized(this.family, length);
    this.at = resized(this.at, length);
    this.#order = resized(this.#order, length);
    const texts = Array.from({ length: length }, () => "");
    for (let i = 0; i < this.length; i++) texts[i] = this.#texts[i] as string;
    this.#texts = texts;
  }
}

function resized(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const other = new Int32Array(length);
  other.set(column.subarray(0, length));
  return other;
}
