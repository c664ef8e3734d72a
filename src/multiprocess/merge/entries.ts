import type { LabelText } from "../store/label-text.js";

/** A series of a file. */
export interface Entry extends LabelText {
  family: number;
  /** Position of the first slot in the file. */
  at: number;
}

/** The series of a file, in columns: an object for each would be most of what a reader of many files keeps. */
export class Entries {
  length = 0;
  family = new Int32Array(64);
  at = new Int32Array(64);
  #texts: string[] = [];
  /** By number, that of its order among those that there are. */
  #order = new Int32Array(64);
  readonly #orders: LabelText["order"][] = [undefined];
  #orderNumbers = new Map<LabelText["order"], number>([[undefined, 0]]);

  push({ family, text, order, at }: Entry): void {
    const number = this.length++;
    if (number === this.at.length) this.#resize(number * 2);
    this.family[number] = family;
    this.at[number] = at;
    this.#order[number] = this.#numberOf(order);
    this.#texts.push(text);
  }

  /** Empty where there is none of that number. */
  labelsOf(number: number): LabelText {
    return { text: this.#texts[number] ?? "", order: this.#orders[this.#order[number] ?? 0] };
  }

  /** Gives back the room that it has for more. */
  trim(): void {
    if (this.length === 0 || this.length === this.at.length) return;
    this.#resize(this.length);
    this.#texts = this.#texts.slice();
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
  }
}

function resized(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const other = new Int32Array(length);
  other.set(column.subarray(0, length));
  return other;
}
