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
export class SeriesKey implements LabelText {
  family = 0;
  text = "";
  order: LabelText["order"];

  /**
   * @param bytes has it from `from` to `to`
   * @param text what its text likely is, which is then the one that is kept
   * @param order likewise
   * @returns false where it is none of a series
   */
  read(bytes: Buffer, from: number, to: number, text: string, order: LabelText["order"]): boolean {
    if (to - from < ORDER_AT) return false;
    const orderFrom = from + ORDER_AT;
    const textFrom = orderFrom + bytes.readUInt16LE(from + 4);
    if (textFrom > to) return false;
    this.family = bytes.readUInt32LE(from);
    this.text = isText(bytes, textFrom, to, text) ? text : bytes.toString("utf8", textFrom, to);
    this.order = isOrder(bytes, orderFrom, textFrom, order) ? order : orderOf(bytes, orderFrom, textFrom);
    return true;
  }
}

/** Whether it is that text, as far as it is of ASCII alone: a string for each series of each file is dear. */
function isText(bytes: Buffer, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || code !== bytes[from + i]) return false;
  }
  return true;
}

function isOrder(bytes: Buffer, from: number, to: number, order: LabelText["order"]): boolean {
  if ((order?.length ?? 0) !== to - from) return false;
  for (let at = from; at < to; at++) if (order?.[at - from] !== bytes[at]) return false;
  return true;
}

/** Those that have been read: a metric has one or two of them, and many series. */
const orders = new Map<string, Uint8Array>();
const MOST_ORDERS = 1000;

function orderOf(bytes: Buffer, from: number, to: number): LabelText["order"] {
  if (from === to) return undefined;
  const text = bytes.toString("latin1", from, to);
  let order = orders.get(text);
  if (order === undefined) {
    order = Uint8Array.from(bytes.subarray(from, to));
    if (orders.size < MOST_ORDERS) orders.set(text, order);
  }
  return order;
}
