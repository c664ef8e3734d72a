import { crc32 } from "./crc32.js";

/*
 * A file is a first page and records, appended and never moved:
 *
 *   first page  magic (8), version (4), layout (4), slots: where the committed records end, state of the writer, when all
 *               that it has was last in the file, write errors, series that wait for room, inode; zeros up to 4096
 *   record      length of the key (4), slots (4), kind (2), exemplars (2), CRC-32 of the twelve bytes before and of the key
 *               (4), key, padded to 16, slots, exemplars
 *
 * A slot is a float64 twice, little-endian and big-endian: a reader that meets a half-written one sees that the two differ.
 * Everything begins at a multiple of 16, so no slot lies across a page, where a killed writer may be cut off.
 *
 * Of all formats, those to come included: the number is in the name (`file-name.ts`), which begins with the writer's process
 * id and thread; magic and version are the first twelve bytes; a writer that lives holds the lock (`lock.ts`); a scrape sets
 * the time of the directory. A format is read in one release and written in the next, or a rollback could not show its counts.
 */

export const MAGIC = Buffer.from("flushgrd");
/** The format that is written. */
export const VERSION = 1;
/** Those that are read. */
export const VERSIONS: readonly number[] = [1];

export const SLOT = 16;
export const EXEMPLAR = 256;
export const END_AT = 16;
export const STATE_AT = 32;
/** Milliseconds since the epoch. */
export const WRITTEN_AT = 48;
export const ERRORS_AT = 64;
export const WAITING_AT = 80;
/** The inode that it was written to: a copy has another. */
export const INODE_AT = 96;
/** What a reader needs of the first page. */
export const HEAD = 112;
/** A page: what is written to it never needs room on the disk again. */
export const HEADER = 4096;
const RECORD = 16;
/** Far above any file with 100,000 series. A larger one is not ours to read, nor to write. */
export const MOST_BYTES = 2 ** 30;
/** Nothing is read into memory on the word of a file that may be damaged but keys up to this. */
export const MOST_KEY = 2 ** 24;

/** Another kind whose checksum is right is of a newer release. */
export const KIND = { identity: 1, family: 2, series: 3, folded: 4 } as const;

export const STATE = {
  live: 1,
  ended: 2,
  /** All that it has is in another file. */
  moved: 3,
} as const;

/** What the slot of a family's record says, added up. */
export const FLAG = {
  /** It is in no registry any more. */
  unregistered: 1,
  /** It is in none of the registries whose metrics the app wants in `clusterMetrics()`. */
  apart: 2,
} as const;

/** What a record says before its slots: one object for all that are read. */
export class RecordHead {
  kind = 0;
  slots = 0;
  exemplars = 0;
  /** Where its key is among the bytes that were read. */
  keyFrom = 0;
  keyTo = 0;
  /** Position of the first slot in the file. */
  slotsAt = 0;
  /** Position of the next record. */
  end = 0;
}

/** A file, of which a part is in memory. */
export interface Loaded {
  readonly bytes: Buffer;
  readonly view: DataView;
  /**
   * Where bytes from a position in the file on are in `bytes` and `view`, which may be others afterwards.
   * @returns -1 where the file has fewer
   */
  offsetOf(at: number, bytes: number): number;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / SLOT) * SLOT;
}

export function recordBytes(keyBytes: number, slots: number, exemplars: number): number {
  return RECORD + padded(keyBytes) + slots * SLOT + exemplars * EXEMPLAR;
}

/** @param layout another number whenever the records are written anew */
export function writeHeader(file: Buffer, layout: number): void {
  MAGIC.copy(file);
  file.writeUInt32LE(VERSION, 8);
  file.writeUInt32LE(layout, 12);
  writeSlot(viewOf(file), END_AT, HEADER);
  writeSlot(viewOf(file), STATE_AT, STATE.live);
}

/** @returns the position of the first slot */
export function writeRecord(
  file: Buffer,
  at: number,
  kind: number,
  key: Buffer,
  slots: number,
  exemplars: number,
): number {
  file.writeUInt32LE(key.length, at);
  file.writeUInt32LE(slots, at + 4);
  file.writeUInt16LE(kind, at + 8);
  file.writeUInt16LE(exemplars, at + 10);
  file.writeUInt32LE(crc32(key, 0, key.length, crc32(file, at, at + 12)), at + 12);
  key.copy(file, at + RECORD);
  return at + RECORD + padded(key.length);
}

/**
 * @param into takes what it says
 * @param at position in the file
 * @param end where the last record ends
 * @returns false where no whole and unharmed record lies between `at` and `end`
 */
export function readRecord(into: RecordHead, file: Loaded, at: number, end: number): boolean {
  const head = at + RECORD <= end ? file.offsetOf(at, RECORD) : -1;
  if (head < 0) return false;
  const keyBytes = file.view.getUint32(head, true);
  into.slots = file.view.getUint32(head + 4, true);
  into.kind = file.view.getUint16(head + 8, true);
  into.exemplars = file.view.getUint16(head + 10, true);
  into.slotsAt = at + RECORD + padded(keyBytes);
  into.end = at + recordBytes(keyBytes, into.slots, into.exemplars);
  if (into.end > end || keyBytes > MOST_KEY) return false;
  const from = file.offsetOf(at, RECORD + keyBytes);
  if (from < 0) return false;
  into.keyFrom = from + RECORD;
  into.keyTo = into.keyFrom + keyBytes;
  const { bytes, view } = file;
  return crc32(bytes, into.keyFrom, into.keyTo, crc32(bytes, from, from + 12)) === view.getUint32(from + 12, true);
}

export function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Of all that are no number one is written, which is not that of `clearSlot`. */
export function writeSlot(view: DataView, at: number, value: number): void {
  const number = Number.isNaN(value) ? Number.NaN : value;
  view.setFloat64(at, number, true);
  view.setFloat64(at + 8, number, false);
}

/** Marks a slot as having no value. No number that is stored through `writeSlot` has this pattern. */
export function clearSlot(view: DataView, at: number): void {
  for (let word = 0; word < SLOT; word += 4) view.setUint32(at + word, 0xffffffff);
}

export function isCleared(view: DataView, at: number): boolean {
  for (let word = 0; word < SLOT; word += 4) if (view.getUint32(at + word) !== 0xffffffff) return false;
  return true;
}

/** Whether the slot holds one value, in both of its byte orders. */
export function isWhole(view: DataView, at: number): boolean {
  return (
    view.getUint32(at, true) === view.getUint32(at + 12, false) &&
    view.getUint32(at + 4, true) === view.getUint32(at + 8, false)
  );
}
