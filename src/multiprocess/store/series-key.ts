import type { LabelText } from "./label-text.js";

/*
 * number of the family among those of the file (4), labels that have another order than by name, or 0 (2), zeros (2), their
 * order, text
 */

const ORDER_AT = 8;
const NO_ORDER = new Uint8Array(0);

/** The key of the record of a series. */
export function keyOf(family: number, { text, order = NO_ORDER }: LabelText): Buffer {
  const textAt = ORDER_AT + order.length;
  const key = Buffer.alloc(textAt + Buffer.byteLength(text));
  key.writeUInt32LE(family);
  key.writeUInt16LE(order.length, 4);
  key.set(order, ORDER_AT);
  key.write(text, textAt);
  return key;
}

/** What such a key says: one object for all that are read. */
export class SeriesKey {
  family = 0;
  /** Where its order begins; it ends where its text begins, which ends with the key. */
  orderFrom = 0;
  textFrom = 0;

  /**
   * @param bytes has it from `from` to `to`
   * @returns false where it is none of a series
   */
  read(bytes: Buffer, from: number, to: number): boolean {
    if (to - from < ORDER_AT) return false;
    this.family = bytes.readUInt32LE(from);
    this.orderFrom = from + ORDER_AT;
    this.textFrom = this.orderFrom + bytes.readUInt16LE(from + 4);
    return this.textFrom <= to;
  }
}
