import type { LabelText } from "../store/label-text.js";

/** A series of a file. */
export interface Entry extends LabelText {
  family: number;
  /** Index of its first value in `Source.values`. */
  first: number;
  count: number;
  exemplars: number;
  /** Position of the first slot in the file. */
  at: number;
}

const COLUMNS = ["family", "first", "count", "exemplars", "at"] as const;

/** The series of a file, in columns: an object for each would be most of what a reader of many files keeps. */
export class Entries {
  length = 0;
  family = new Int32Array(64);
  first = new Int32Array(64);
  count = new Int32Array(64);
  exemplars = new Int32Array(64);
  at = new Int32Array(64);
  readonly texts: string[] = [];
  readonly orders: LabelText["order"][] = [];

  /** @param like those of a file that likely has the same series in the same order, to share their labels in memory */
  push(entry: Entry, like?: Entries): void {
    const number = this.length++;
    if (number === this.at.length) this.#grow();
    for (const column of COLUMNS) this[column][number] = entry[column];
    const text = like?.texts[number];
    this.texts.push(text === entry.text ? text : entry.text);
    this.orders.push(entry.order);
  }

  labelsOf(number: number): LabelText {
    return { text: this.texts[number] ?? "", order: this.orders[number] };
  }

  #grow(): void {
    const { length } = this.at;
    for (const column of COLUMNS) {
      const larger = new Int32Array(length * 2);
      larger.set(this[column]);
      this[column] = larger;
    }
  }
}
