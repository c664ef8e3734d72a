import { randomInt } from "node:crypto";
import * as format from "./format.js";

const FIRST_BYTES = 16_384;

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
    if (end > this.memory.length) this.#grow(end);
    const at = format.writeRecord(this.memory, this.end, kind, key, slots, exemplars);
    this.end = end;
    return at;
  }

  appendJson(kind: number, value: unknown): void {
    this.append(kind, Buffer.from(JSON.stringify(value)));
  }

  /** @param family its number among the families of the file */
  appendSeries(family: number, labels: string, slots: number, exemplars: number): number {
    const key = Buffer.alloc(4 + Buffer.byteLength(labels));
    key.writeUInt32LE(family);
    key.write(labels, 4);
    return this.append(format.KIND.series, key, slots, exemplars);
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
