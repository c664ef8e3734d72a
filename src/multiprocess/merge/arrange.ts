import type { TextSink } from "../family.js";
import type { TextTable } from "./text-table.js";

const [EQUALS, QUOTE, BACKSLASH] = [0x3d, 0x22, 0x5c];
/** Where each label of a text begins and ends. An order has at most so many. */
const bounds = new Uint32Array(2 * 256);

/**
 * Writes labels in another order, as `inOrder` has it.
 * @param bytes has them, by name, from `from` to `to`
 * @param orders has for each label that is written its place among them
 */
export function writeArranged(
  bytes: Uint8Array,
  from: number,
  to: number,
  orders: TextTable,
  order: number,
  into: TextSink,
): void {
  const count = findLabels(bytes, from, to);
  const [first, end] = [orders.startOf(order), orders.endOf(order)];
  for (let i = first; i < end; i++) {
    const place = orders.bytes[i] as number;
    if (i > first) into.put(",");
    if (place < count) into.putBytes(bytes, bounds[2 * place] as number, bounds[2 * place + 1] as number);
  }
}

function findLabels(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to && 2 * count < bounds.length; at++) {
    bounds[2 * count] = at;
    while (at < to && bytes[at] !== EQUALS) at++;
    for (at += 2; at < to && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    at++;
    bounds[2 * count + 1] = Math.min(at, to);
    count++;
  }
  return count;
}
