import { fstatSync, readSync } from "node:fs";
import type { Exemplar } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import { readExemplar } from "../store/exemplar.js";
import * as format from "../store/format.js";
import type { Identity } from "../store/identity.js";
import { bad } from "./bad-file.js";
import { identityOf, metaOf } from "./check-meta.js";
import { type Folded, foldedOf } from "./folded.js";

const FIRST_READ = 65_536;

/** A series of a file. */
export interface Entry {
  family: number;
  labels: string;
  /** Index of its first value in `Source.values`. */
  first: number;
  count: number;
  exemplars: number;
  /** Position of the first slot in the file. */
  at: number;
}

let buffer = Buffer.alloc(FIRST_READ);

/** What has been read of one file. Records stay as they are, so a second reading looks at the values and at new records alone. */
export class Source {
  identity: Identity | undefined;
  folded: Folded | undefined;
  readonly families: Meta[] = [];
  readonly entries: Entry[] = [];
  values = new Float64Array(64);
  /** By index of a first value: 1 where the series was taken out. */
  out = new Uint8Array(64);
  /** By number of an entry. */
  readonly exemplars = new Map<number, (Exemplar | undefined)[]>();
  layout = -1;
  #count = 0;
  #parsedTo = format.HEADER;

  /**
   * @param fd open for reading
   * @returns false where a value was being written and has to be read again
   * @throws {BadFile}
   */
  read(fd: number): boolean {
    const { size } = fstatSync(fd);
    if (size < format.HEADER) bad(size === 0 ? "it is empty" : "it has no header");
    let filled = readInto(fd, 0, Math.min(size, Math.max(this.#parsedTo, FIRST_READ)));
    const end = this.#endOf(size, filled);
    if (end === undefined) return false;
    if (end > filled) filled += readInto(fd, filled, end);
    if (filled < end) bad("it is cut short");
    this.#parse(end);
    return this.#readValues();
  }

  #endOf(size: number, filled: number): number | undefined {
    if (filled < format.HEADER) bad("it is cut short");
    if (!buffer.subarray(0, format.MAGIC.length).equals(format.MAGIC)) bad("it is not a file of flushguard");
    const version = buffer.readUInt32LE(8);
    if (version !== format.VERSION) bad(`its format is ${version}, not ${format.VERSION}`);
    const layout = buffer.readUInt32LE(12);
    const view = format.viewOf(buffer);
    if (!format.isWhole(view, format.END_AT)) return undefined;
    const end = view.getFloat64(format.END_AT, true);
    if (!Number.isInteger(end) || end < format.HEADER || end > format.MOST_BYTES) bad("its end is out of bounds");
    if (end > size) bad("it is cut short");
    if (this.layout !== layout || end < this.#parsedTo) this.#startOver(layout);
    return end;
  }

  #startOver(layout: number): void {
    this.layout = layout;
    this.identity = undefined;
    this.folded = undefined;
    this.families.length = 0;
    this.entries.length = 0;
    this.exemplars.clear();
    this.#count = 0;
    this.#parsedTo = format.HEADER;
  }

  #parse(end: number): void {
    while (this.#parsedTo < end) {
      const record = format.readRecord(buffer, this.#parsedTo, end) ?? bad("a record is damaged");
      if (this.#parsedTo === format.HEADER) this.#parseFirst(record);
      else this.#parseRecord(record);
      this.#parsedTo = record.end;
    }
    if (this.identity === undefined && this.folded === undefined) bad("it says not whose it is");
  }

  #parseFirst({ kind, key }: format.RecordHead): void {
    if (kind === format.KIND.identity) this.identity = identityOf(key);
    else if (kind === format.KIND.folded) this.folded = foldedOf(key);
    else bad("it says not whose it is");
  }

  #parseRecord({ kind, key, slots, exemplars, slotsAt }: format.RecordHead): void {
    if (kind === format.KIND.family) {
      this.families.push(metaOf(key));
      return;
    }
    if (kind !== format.KIND.series || key.length < 4) bad("a record is of no known kind");
    const family = key.readUInt32LE();
    const meta = this.families[family] ?? bad("a series is of no metric");
    if (slots !== slotsOf(meta) * (this.folded === undefined ? 1 : 2)) bad("a series has too many or too few values");
    this.entries.push({
      family,
      labels: key.toString("utf8", 4),
      first: this.#count,
      count: slots,
      exemplars,
      at: slotsAt,
    });
    this.#count += slots;
    if (this.#count > this.values.length) {
      this.values = new Float64Array(this.#count * 2);
      this.out = new Uint8Array(this.#count * 2);
    }
  }

  #readValues(): boolean {
    const view = format.viewOf(buffer);
    const { values, out } = this;
    for (const [number, { first, count, at, exemplars }] of this.entries.entries()) {
      for (let slot = 0; slot < count; slot++) {
        const position = at + slot * format.SLOT;
        if (!format.isWhole(view, position)) return false;
        values[first + slot] = view.getFloat64(position, true);
      }
      out[first] = Number.isNaN(values[first]) && format.isCleared(view, at) ? 1 : 0;
      if (exemplars > 0) this.exemplars.set(number, readExemplars(at + count * format.SLOT, exemplars));
    }
    return true;
  }
}

function readExemplars(at: number, count: number): (Exemplar | undefined)[] {
  return Array.from({ length: count }, (_, i) => readExemplar(buffer, at + i * format.EXEMPLAR));
}

/** Reads from `from` up to `to` into the same positions of the buffer. @returns the bytes read */
function readInto(fd: number, from: number, to: number): number {
  if (to > buffer.length) {
    const larger = Buffer.alloc(to * 2);
    buffer.copy(larger);
    buffer = larger;
  }
  let done = from;
  while (done < to) {
    const bytes = readSync(fd, buffer, done, to - done, done);
    if (bytes === 0) break;
    done += bytes;
  }
  return done - from;
}
