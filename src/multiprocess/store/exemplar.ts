import type { Exemplar } from "../family.js";
import { crc32 } from "./crc32.js";
import { EXEMPLAR } from "./format.js";

const LABELS_AT = 24;
const MOST_LABELS = EXEMPLAR - LABELS_AT;

/*
 * bytes of the labels + 1 (4), CRC-32 of what follows (4), value (8), seconds since the epoch (8), labels. All zero where
 * there is none.
 */

/** One that is too long is left out. */
export function writeExemplar(file: Buffer, at: number, { labels, value, timestamp = 0 }: Exemplar): void {
  const bytes = Buffer.byteLength(labels);
  if (bytes > MOST_LABELS) return;
  file.writeDoubleLE(value, at + 8);
  file.writeDoubleLE(timestamp, at + 16);
  file.write(labels, at + LABELS_AT);
  file.writeUInt32LE(bytes + 1, at);
  file.writeUInt32LE(crc32(file, at + 8, at + LABELS_AT + bytes), at + 4);
}

/** @returns undefined where there is none, or one that is half-written */
export function readExemplar(file: Buffer, at: number): Exemplar | undefined {
  const bytes = file.readUInt32LE(at) - 1;
  if (bytes < 0 || bytes > MOST_LABELS) return undefined;
  const end = at + LABELS_AT + bytes;
  if (crc32(file, at + 8, end) !== file.readUInt32LE(at + 4)) return undefined;
  const timestamp = file.readDoubleLE(at + 16);
  return {
    labels: file.toString("utf8", at + LABELS_AT, end),
    value: file.readDoubleLE(at + 8),
    ...(timestamp !== 0 && { timestamp }),
  };
}
