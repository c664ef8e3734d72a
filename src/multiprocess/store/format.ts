import { crc32 } from "node:zlib";

/*
 * A file is a header and records, appended and never moved:
 *
 *   header  magic (8), version (4), layout (4), slot: where the committed records end
 *   record  length of the key (4), slots (4), kind (2), exemplars (2), CRC-32 of the twelve bytes before and of the key (4),
 *           key, padded to 16, slots, exemplars
 *
 * A slot is a float64 twice, little-endian and big-endian: a reader that meets a half-written one sees that the two differ.
 * Everything begins at a multiple of 16, so no slot lies across a page, where a killed writer may be cut off.
 */

export const MAGIC = Buffer.from("flushgrd");
export const VERSION = 1;
/** What our files are called. Files of other names in the directory are not ours to touch. */
export const EXTENSION = ".flushguard";
/** The one file that the counts of dead processes are folded into. */
export const RETAINED = `retained${EXTENSION}`;

export const SLOT = 16;
export const EXEMPLAR = 256;
export const END_AT = 16;
export const HEADER = 32;
const RECORD = 16;
/** Far above any file with 100,000 series. A larger one is not ours to read, nor to write. */
export const MOST_BYTES = 2 ** 30;

export const KIND = { identity: 1, family: 2, series: 3, folded: 4 } as const;

export interface RecordHead {
  kind: number;
  key: Buffer;
  slots: number;
  exemplars: number;
  /** Position of the first slot in the file. */
  slotsAt: number;
  exemplarsAt: number;
  /** Position of the next record. */
  end: number;
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
  file.writeUInt32LE(crc32(key, crc32(file.subarray(at, at + 12))), at + 12);
  key.copy(file, at + RECORD);
  return at + RECORD + padded(key.length);
}

/** @returns undefined where no whole and unharmed record lies between `at` and `end` */
export function readRecord(file: Buffer, at: number, end: number): RecordHead | undefined {
  if (at + RECORD > end) return undefined;
  const keyBytes = file.readUInt32LE(at);
  const slots = file.readUInt32LE(at + 4);
  const exemplars = file.readUInt16LE(at + 10);
  const next = at + recordBytes(keyBytes, slots, exemplars);
  if (next > end) return undefined;
  const key = file.subarray(at + RECORD, at + RECORD + keyBytes);
  if (crc32(key, crc32(file.subarray(at, at + 12))) !== file.readUInt32LE(at + 12)) return undefined;
  const slotsAt = at + RECORD + padded(keyBytes);
  return {
    kind: file.readUInt16LE(at + 8),
    key,
    slots,
    exemplars,
    slotsAt,
    exemplarsAt: slotsAt + slots * SLOT,
    end: next,
  };
}

export function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

export function writeSlot(view: DataView, at: number, value: number): void {
  view.setFloat64(at, value, true);
  view.setFloat64(at + 8, value, false);
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
