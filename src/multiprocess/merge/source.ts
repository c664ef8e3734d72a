import { fstatSync } from "node:fs";
import type { Exemplar } from "../family.js";
import { type Meta, slotsOf } from "../meta.js";
import type { Slices } from "../slices.js";
import { readExemplar } from "../store/exemplar.js";
import * as format from "../store/format.js";
import type { Identity } from "../store/identity.js";
import { SeriesKey } from "../store/series-key.js";
import { bad, newer } from "./bad-file.js";
import { identityOf, metaOf } from "./check-meta.js";
import { column } from "./column.js";
import { Entries } from "./entries.js";
import type { Families } from "./families.js";
import { type Folded, foldedOf } from "./folded.js";
import type { MergedFamily } from "./merged-family.js";
import { Window } from "./window.js";

/** Looks at a half-written value, which its writer finishes in less time than one takes. */
const LOOKS = 10;

/** Series after which reading may be left off. */
const PER_SLICE = 64;

/** Values that there is room for at first. */
const FIRST = 64;
/** How many times the room becomes when it is full: no more than a file has shown, whatever it says of its size. */
const [LEAST_GROWTH, MOST_GROWTH] = [1.125, 32];

/** Read one after another, and nobody needs what they say beyond the next one. */
const record = new format.RecordHead();
const key = new SeriesKey();

/** A metric of a file. */
export interface SourceFamily {
  meta: Meta;
  /** As `FLAG` has them. */
  flags: number;
  /** Position of the slot that has them. */
  at: number;
  /** Of each of its series. */
  slots: number;
  /** Series that are in the file and not taken out. */
  size: number;
  merged: MergedFamily;
  /** That of the merged view which the last of its series belongs to; -1 before. */
  last: number;
}

/** A place among the series. */
interface Place {
  number: number;
  /** Index of its first value. */
  first: number;
  /** Position of the first slot of the one before in the file; of the first one itself. */
  at: number;
}

/** How the writer stands. */
export interface Status {
  /** As `STATE` has them. */
  state: number;
  /** Milliseconds since the epoch. */
  written: number;
  errors: number;
  waiting: number;
}

/** What has been read of one file. Records stay as they are, so a second reading looks at the values and at new records alone. */
export class Source {
  identity: Identity | undefined;
  folded: Folded | undefined;
  status: Status = { state: 0, written: 0, errors: 0, waiting: 0 };
  readonly families: SourceFamily[] = [];
  readonly entries: Entries;
  values: Float64Array;
  /** Indices of first values whose series were taken out. */
  readonly out = new Set<number>();
  /** By number of an entry. */
  readonly exemplars = new Map<number, (Exemplar | undefined)[]>();
  /** Of the file that was read; -1 before. */
  layout = -1;
  /** Where its records end. */
  end = format.HEADER;
  /** Values that there are. */
  #count = 0;
  /** Positions of the first slots of the first and of the last series. */
  #firstAt = 0;
  #lastAt = 0;

  /**
   * @param into what its series belong to
   * @param version the format, as the name of the file has it
   * @param like what was read of another, which likely has as many series
   */
  constructor(
    readonly into: Families,
    readonly version: number = format.VERSION,
    like?: Source,
  ) {
    this.entries = new Entries(like?.entries);
    this.values = column(Float64Array, like?.values.length ?? FIRST);
  }

  /** The oldest process first. */
  static byAge(a: Source, b: Source): number {
    const [one, other] = [a.identity, b.identity];
    if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
    return Number(one.started) - Number(other.started) || (one.random < other.random ? -1 : 1);
  }

  /**
   * @param fd open for reading
   * @returns "torn" where a value was being written and has to be read again; "other" where another file is there than before
   * @throws {BadFile}
   */
  *read(fd: number): Slices<"whole" | "torn" | "other"> {
    const window = new Window(fd);
    const head = window.bytesAt(0, format.HEAD) ?? bad("it is cut short");
    if (!head.subarray(0, format.MAGIC.length).equals(format.MAGIC)) bad("it is not a file of flushguard");
    if (head.readUInt32LE(8) !== this.version) newer("its header has another format than its name");
    const layout = head.readUInt32LE(12);
    if (this.layout !== -1 && this.layout !== layout) return "other";
    const view = format.viewOf(head);
    if (!format.isWhole(view, format.END_AT)) return "torn";
    const end = view.getFloat64(format.END_AT, true);
    if (!Number.isInteger(end) || end < format.HEADER || end > format.MOST_BYTES) bad("its end is out of bounds");
    if (end < this.end) bad("its end has moved back");
    this.#readStatus(view);
    // Its size after its end: a file is made long enough before its end says so.
    if (end > fstatSync(fd).size) bad("it is cut short");
    this.layout = layout;
    yield* this.#readKnown(window);
    const isWhole = yield* this.#readNew(window, end);
    this.#trim();
    return isWhole ? "whole" : "torn";
  }

  #readStatus(view: DataView): void {
    const number = (at: number, last: number) => (format.isWhole(view, at) ? view.getFloat64(at, true) : last);
    const { state, written, errors, waiting } = this.status;
    this.status = {
      state: number(format.STATE_AT, state),
      written: number(format.WRITTEN_AT, written),
      errors: number(format.ERRORS_AT, errors),
      waiting: number(format.WAITING_AT, waiting),
    };
  }

  /** A value that stays half-written is what it was. */
  *#readKnown(window: Window): Slices<void> {
    for (const family of this.families) family.flags = numberAt(window, family.at) ?? family.flags;
    const place: Place = { number: 0, first: 0, at: this.#firstAt };
    while (place.number < this.entries.length) {
      if (yield) window.forget();
      this.#readKnownFrom(window, place);
    }
  }

  #readKnownFrom(window: Window, place: Place): void {
    const { entries, families, exemplars } = this;
    const { family: numbers, step: steps } = entries;
    const to = Math.min(place.number + PER_SLICE, entries.length);
    for (; place.number < to; place.number++) {
      const { number, first } = place;
      const family = families[numbers.at(number)] as SourceFamily;
      const some = exemplars.size === 0 ? 0 : (exemplars.get(number)?.length ?? 0);
      place.at += steps.at(number) * format.SLOT;
      this.#readValues(window, family, number, first, place.at, some);
      place.first += family.slots;
    }
  }

  *#readNew(window: Window, end: number): Slices<boolean> {
    while (this.end < end) {
      if (yield) window.forget();
      if (!this.#readRecords(window, end)) return false;
    }
    if (this.identity === undefined && this.folded === undefined) bad("it says not whose it is");
    return true;
  }

  #readRecords(window: Window, end: number): boolean {
    for (let records = 0; records < PER_SLICE && this.end < end; records++) {
      if (!format.readRecord(record, window, this.end, end)) bad("a record is damaged");
      if (this.end === format.HEADER) this.#readFirst(window);
      else if (!this.#readRecord(window, end)) return false;
      this.end = record.end;
    }
    return true;
  }

  #readFirst({ bytes }: Window): void {
    const key = bytes.subarray(record.keyFrom, record.keyTo);
    if (record.kind === format.KIND.identity) this.identity = identityOf(key);
    else if (record.kind === format.KIND.folded) this.folded = foldedOf(key);
    else bad("it says not whose it is");
  }

  #readRecord(window: Window, end: number): boolean {
    const { kind, keyFrom, keyTo, slots, exemplars, slotsAt } = record;
    const { bytes } = window;
    if (kind === format.KIND.family) return this.#readFamily(window, metaOf(bytes.subarray(keyFrom, keyTo)));
    if (kind !== format.KIND.series) return newer("a record is of no known kind");
    const { length } = this.entries;
    if (!key.read(bytes, keyFrom, keyTo)) bad("a series has no labels");
    const family = this.families[key.family] ?? bad("a series is of no metric");
    const { meta } = family;
    if (slots !== family.slots) bad("a series has too many or too few values");
    if (exemplars > 0 && exemplars > slotsOf(meta)) bad("a series has too many exemplars");
    const likely = length === 0 ? 0 : this.entries.order.at(length - 1);
    const order = this.into.orders.numberOf(bytes, key.orderFrom, key.textFrom, likely);
    // Processes of one program mostly have the same series in the same order.
    family.last = family.merged.series.numberOf(bytes, key.textFrom, keyTo, family.last + 1);
    const first = this.#count;
    this.#makeRoom(first + slots, end);
    if (!this.#readValues(window, family, length, first, slotsAt, exemplars)) return false;
    family.size++;
    if (length === 0) this.#firstAt = slotsAt;
    this.entries.push(key.family, length === 0 ? 0 : (slotsAt - this.#lastAt) / format.SLOT, order, family.last);
    this.#count += slots;
    this.#lastAt = slotsAt;
    return true;
  }

  #readFamily(window: Window, meta: Meta): boolean {
    const { slots, slotsAt: at } = record;
    if (slots !== 1) bad("a metric has no flags");
    const flags = numberAt(window, at);
    if (flags === undefined) return false;
    const slotsOfEach = slotsOf(meta) * (this.folded === undefined ? 1 : 2);
    this.families.push({ meta, flags, at, slots: slotsOfEach, size: 0, merged: this.into.of(meta), last: -1 });
    return true;
  }

  /** Room for as much as there likely is in all, as far as what was read of it tells. */
  #makeRoom(count: number, end: number): void {
    const { entries, values } = this;
    const part = (this.end - format.HEADER) / (end - format.HEADER);
    const growth = Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, 1 / part));
    if (entries.isFull) entries.grow(growth);
    if (count > values.length) this.#resize(Math.ceil(count * growth));
  }

  /** A process has most of its series from early on. */
  #trim(): void {
    const { entries, values } = this;
    entries.trim(LEAST_GROWTH);
    if (this.#count < values.length / LEAST_GROWTH) this.#resize(this.#count);
  }

  #resize(length: number): void {
    const values = this.values.subarray(0, length);
    this.values = column(Float64Array, length);
    this.values.set(values);
  }

  /** @returns false where one of the values was half-written, and stays what it was */
  #readValues(
    window: Window,
    family: SourceFamily,
    number: number,
    first: number,
    at: number,
    exemplars: number,
  ): boolean {
    const { values, out } = this;
    const count = family.slots;
    const offset = wholeAt(window, at, count);
    if (offset === undefined) return false;
    const { view } = window;
    for (let slot = 0; slot < count; slot++) values[first + slot] = view.getFloat64(offset + slot * format.SLOT, true);
    const isOut = Number.isNaN(values[first]) && format.isCleared(view, offset);
    if (isOut && !out.has(first)) {
      out.add(first);
      family.size--;
    } else if (!isOut && out.size > 0 && out.delete(first)) family.size++;
    if (exemplars > 0) this.exemplars.set(number, readExemplars(window, at + count * format.SLOT, exemplars));
    return true;
  }
}

function readExemplars(window: Window, at: number, count: number): (Exemplar | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = window.bytesAt(at + i * format.EXEMPLAR, format.EXEMPLAR);
    return bytes === undefined ? bad("it is cut short") : readExemplar(bytes, 0);
  });
}

function numberAt(window: Window, at: number): number | undefined {
  const offset = wholeAt(window, at, 1);
  return offset === undefined ? undefined : window.view.getFloat64(offset, true);
}

/** Where slots are in the window that are written; undefined where one of them stays half-written. */
function wholeAt(window: Window, at: number, slots: number): number | undefined {
  for (let look = 0; look <= LOOKS; look++) {
    const offset = window.offsetOf(at, slots * format.SLOT);
    if (offset < 0) return bad("it is cut short");
    if (areWhole(window.view, offset, slots)) return offset;
    window.forget();
  }
  return undefined;
}

function areWhole(view: DataView, offset: number, slots: number): boolean {
  for (let slot = 0; slot < slots; slot++) if (!format.isWhole(view, offset + slot * format.SLOT)) return false;
  return true;
}
