import { randomInt } from "node:crypto";
import type { Meta } from "../meta.js";
import * as format from "./format.js";
import type { LabelText } from "./label-text.js";

const FIRST_BYTES = 2 * format.HEADER;
const LABELS_AT = 8;

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
  appendSeries(family: number, { text, order = NO_ORDER }: LabelText, slots: number, exemplars: number): number {
    const labelsAt = LABELS_AT + order.length;
    const key = Buffer.alloc(labelsAt + Buffer.byteLength(text));
    key.writeUInt32LE(family);
    key.writeUInt16LE(order.length, 4);
    key.set(order, LABELS_AT);
    key.write(text, labelsAt);
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

const NO_ORDER = new Uint8Array(0);

/**
 * @param likely what the labels likely are, which is then the one that is given
 * @returns undefined where it is none of a series: the number of its family, and its labels
 */
export function seriesKey(key: Buffer, likely?: LabelText): ({ family: number } & LabelText) | undefined {
  if (key.length < LABELS_AT) return undefined;
  const labels = key.readUInt16LE(4);
  if (LABELS_AT + labels > key.length) return undefined;
  const family = key.readUInt32LE();
  const [from, { text = "", order } = {}] = [LABELS_AT + labels, likely];
  return {
    family,
    text: isText(key, from, text) ? text : key.toString("utf8", from),
    order: labels === 0 ? undefined : isOrder(key, labels, order) ? order : orderOf(key, labels),
  };
}

/** Whether it is that text, as far as it is of ASCII alone: a string for each series of each file is dear. */
function isText(key: Buffer, from: number, text: string): boolean {
  if (key.length - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || code !== key[from + i]) return false;
  }
  return true;
}

function isOrder(key: Buffer, labels: number, order: LabelText["order"]): boolean {
  if (order?.length !== labels) return false;
  for (let i = 0; i < labels; i++) if (order[i] !== key[LABELS_AT + i]) return false;
  return true;
}

/** Those that have been read: a metric has one or two of them, and many series. */
const orders = new Map<string, Uint8Array>();
const MOST_ORDERS = 1000;

function orderOf(key: Buffer, labels: number): Uint8Array {
  const text = key.toString("latin1", LABELS_AT, LABELS_AT + labels);
  let order = orders.get(text);
  if (order === undefined) {
    order = Uint8Array.from(key.subarray(LABELS_AT, LABELS_AT + labels));
    if (orders.size < MOST_ORDERS) orders.set(text, order);
  }
  return order;
}
