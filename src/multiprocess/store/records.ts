import { randomInt } from "node:crypto";
import type { Meta } from "../meta.js";
import * as format from "./format.js";
import type { LabelText } from "./label-text.js";
import { keyOf } from "./series-key.js";

const FIRST_BYTES = 2 * format.HEADER;

/** The content of a file, in memory: grows by doubling. */
export class Records {
  memory = Buffer.alloc(FIRST_BYTES);
  view = format.viewOf(this.memory);
  end = format.HEADER;

  constructor() {
    format.writeHeader(this.memory, randomInt(2 ** 32));
  }

  /**
   * @returns the position of the first slot
   * @throws where it would be more than readers take
   */
  append(kind: number, key: Buffer, slots = 0, exemplars = 0): number {
    const end = this.end + format.recordBytes(key.length, slots, exemplars);
    if (key.length > format.MOST_KEY) throw new Error(`a name or label set has more than ${format.MOST_KEY} bytes`);
    if (end > this.memory.length) this.#grow(end);
    const at = format.writeRecord(this.memory, this.end, kind, key, slots, exemplars);
    this.end = end;
    return at;
  }

  appendJson(kind: number, value: unknown, slots = 0): number {
    return this.append(kind, Buffer.from(JSON.stringify(value)), slots);
  }

  /** @returns the position of its flags */
  appendFamily(meta: Meta, flags = 0): number {
    const at = this.appendJson(format.KIND.family, meta, 1);
    format.writeSlot(this.view, at, flags);
    return at;
  }

  /** @param family its number among the families of the file */
  appendSeries(family: number, labels: LabelText, slots: number, exemplars: number): number {
    return this.append(format.KIND.series, keyOf(family, labels), slots, exemplars);
  }

  /** Makes all that was appended count, once it is written. */
  commit(): void {
    format.writeSlot(this.view, format.END_AT, this.end);
  }

  #grow(bytes: number): void {
    if (bytes > format.MOST_BYTES) throw new Error(`its file would be larger than ${format.MOST_BYTES / 2 ** 20} MB`);
    const smaller = this.memory;
    let size = smaller.length;
    while (size < bytes) size *= 2;
    this.memory = Buffer.alloc(size);
    smaller.copy(this.memory);
    this.view = format.viewOf(this.memory);
  }
}
