import { readSync } from "node:fs";
import { type Loaded, viewOf } from "../store/format.js";

const CHUNK = 131_072;

/** For whoever reads: nobody keeps what it holds beyond the next call. */
const shared = Buffer.allocUnsafeSlow(CHUNK);
const sharedView = viewOf(shared);

/** A file that is read from its beginning to its end, a part at a time: no more memory than that, whatever a file says. */
export class Window implements Loaded {
  readonly #fd: number;
  #buffer = shared;
  #view = sharedView;
  #start = 0;
  #end = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Bytes from a position on, good until the next call.
   * @returns undefined where the file has fewer
   */
  bytesAt(at: number, bytes: number): Buffer | undefined {
    if (at < this.#start || at + bytes > this.#end) this.#load(at, bytes);
    return at + bytes > this.#end ? undefined : this.#buffer.subarray(at - this.#start, at - this.#start + bytes);
  }

  /** The part of the file that is in memory, as of the last call. */
  get bytes(): Buffer {
    return this.#buffer;
  }

  get view(): DataView {
    return this.#view;
  }

  offsetOf(at: number, bytes: number): number {
    if (at < this.#start || at + bytes > this.#end) this.#load(at, bytes);
    return at + bytes > this.#end ? -1 : at - this.#start;
  }

  /** Has what follows read anew: somebody else may have read since, or written. */
  forget(): void {
    this.#end = this.#start;
  }

  #load(at: number, bytes: number): void {
    // A key that is longer, which is rare and bounded.
    this.#buffer = bytes > CHUNK ? Buffer.allocUnsafeSlow(bytes) : shared;
    this.#view = this.#buffer === shared ? sharedView : viewOf(this.#buffer);
    this.#start = at;
    this.#end = at;
    while (this.#end - at < this.#buffer.length) {
      const done = this.#end - at;
      const read = readSync(this.#fd, this.#buffer, done, this.#buffer.length - done, this.#end);
      if (read === 0) return;
      this.#end += read;
    }
  }
}
