import type { Exemplar } from "../family.js";
import { crc32 } from "./crc32.js";
import { EXEMPLAR } from "./format.js";

const LABELS_AT = 24;
const MOST_LABELS = EXEMPLAR - LABELS_AT;

/*
 * bytes of the labels + 1 (4), CRC-32 of what follows (4), value (8), seconds since the epoch (8), labels. All zero where
 * there is none.
 */

/** As one is written, zeros behind its labels. */
const written = Buffer.alloc(EXEMPLAR);

/**
 * One that is too long is left out.
 * @param exemplar undefined: there is none any more
 * @returns whether it is another than the one before
 */
export function writeExemplar(file: Buffer, at: number, exemplar: Exemplar | undefined): boolean {
  written.fill(0);
  if (exemplar !== undefined) {
    const { labels, value, timestamp = 0 } = exemplar;
    const bytes = Buffer.byteLength(labels);
    if (bytes > MOST_LABELS) return false;
    written.writeDoubleLE(value, 8);
    written.writeDoubleLE(timestamp, 16);
    written.write(labels, LABELS_AT);
    written.writeUInt32LE(bytes + 1, 0);
    written.writeUInt32LE(crc32(written, 8, LABELS_AT + bytes), 4);
  }
  if (written.compare(file, at, at + EXEMPLAR) === 0) return false;
  written.copy(file, at);
  return true;
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
