import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { Family } from "../family.js";
import { Fault } from "./fault.js";
import { COUNTER, type Labels, labelText, type Recorder } from "./recorder.js";

/*
 * The file of prometheus_client 0.4.2, down to its fault: where the used bytes end (4, padded to 8), then entries of
 * length of the key (4), key as JSON, padded with blanks so that the value is aligned, value (8). An open file knows from
 * memory where the used bytes end, so two processes that have it open write over each other's entries. They open the same
 * one because its name has the process id that the master had cached when it forked:
 * https://github.com/prometheus/client_python/issues/347
 */

const INITIAL_BYTES = 1 << 20;
const START = 8;

interface Entry {
  key: string;
  value: number;
  /** Position of the value. */
  at: number;
}

function paddedBytes(keyBytes: number): number {
  return keyBytes + 8 - ((keyBytes + 4) % 8);
}

/** @throws {Fault} at an entry that does not fit into the file */
function* entriesOf(file: Buffer): Generator<Entry> {
  const used = file.length < START ? 0 : file.readInt32LE(0);
  for (let at = START; at < used; ) {
    const keyBytes = at + 4 <= file.length ? file.readInt32LE(at) : -1;
    const valueAt = at + 4 + paddedBytes(keyBytes);
    if (keyBytes < 0 || valueAt + 8 > file.length) {
      throw new Fault("short read", `a key of ${keyBytes} bytes at ${at}, in a file of ${file.length}`);
    }
    const key = file.toString("utf8", at + 4, at + 4 + keyBytes);
    yield { key, value: file.readDoubleLE(valueAt), at: valueAt };
    at = valueAt + 8;
  }
}

function whole(fd: number): Buffer {
  const file = Buffer.alloc(fstatSync(fd).size);
  return file.subarray(0, readSync(fd, file, 0, file.length, 0));
}

/** Counts in a file that other processes count in as well. */
export class SharedFile implements Recorder {
  readonly #fd: number;
  readonly #values = new Map<string, { at: number; value: number }>();
  #capacity: number;
  #used: number;

  /** @throws {Fault} when the file makes no sense any more */
  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    if (fstatSync(this.#fd).size === 0) ftruncateSync(this.#fd, INITIAL_BYTES);
    const file = whole(this.#fd);
    this.#capacity = file.length;
    this.#used = file.readInt32LE(0);
    if (this.#used === 0) {
      this.#used = START;
      this.#writeUsed();
    } else {
      for (const { key, at, value } of entriesOf(file)) this.#values.set(key, { at, value });
    }
  }

  increment(labels: Labels): void {
    const key = JSON.stringify([COUNTER.name, COUNTER.name, labels]);
    const entry = this.#values.get(key) ?? this.#append(key);
    entry.value++;
    const value = Buffer.alloc(8);
    value.writeDoubleLE(entry.value);
    writeSync(this.#fd, value, 0, 8, entry.at);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #append(key: string): { at: number; value: number } {
    const keyBytes = Buffer.byteLength(key);
    const entry = Buffer.alloc(4 + paddedBytes(keyBytes) + 8, " ");
    entry.writeInt32LE(keyBytes, 0);
    entry.write(key, 4);
    entry.writeDoubleLE(0, entry.length - 8);
    while (this.#used + entry.length > this.#capacity) {
      this.#capacity *= 2;
      ftruncateSync(this.#fd, this.#capacity);
    }
    writeSync(this.#fd, entry, 0, entry.length, this.#used);
    this.#used += entry.length;
    this.#writeUsed();
    const added = { at: this.#used - 8, value: 0 };
    this.#values.set(key, added);
    return added;
  }

  #writeUsed(): void {
    const used = Buffer.alloc(START);
    used.writeInt32LE(this.#used);
    writeSync(this.#fd, used, 0, START, 0);
  }
}

/** @throws {Fault} */
function labelsIn({ key, at }: Entry): string {
  try {
    const [, , labels] = JSON.parse(key) as [string, string, Labels];
    return labelText(labels);
  } catch {
    throw new Fault("undecodable key", `${JSON.stringify(key.slice(0, 60))} before the value at ${at}`);
  }
}

/**
 * What a scrape reads in the file.
 * @returns nothing where there is no such file
 * @throws {Fault} when the file makes no sense any more
 */
export function collectShared(path: string): Family[] {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch {
    return [];
  }
  try {
    const sums = new Map<string, number>();
    for (const entry of entriesOf(whole(fd))) {
      const labels = labelsIn(entry);
      sums.set(labels, (sums.get(labels) ?? 0) + entry.value);
    }
    const samples = Array.from(sums, ([labels, value]) => ({ name: COUNTER.name, labels, value }));
    return [{ ...COUNTER, samples }];
  } finally {
    closeSync(fd);
  }
}
