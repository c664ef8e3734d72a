import { readSync } from "node:fs";

const CHUNK = 131_072;

/** For whoever reads: nobody keeps what it holds beyond the next call. */
const shared = Buffer.allocUnsafeSlow(CHUNK);

/** A file that is read from its beginning to its end, a part at a time: no more memory than that, whatever a file says. */
export class Window {
  readonly #fd: number;
  #buffer = shared;
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

  /** The same, read anew. */
  again(at: number, bytes: number): Buffer | undefined {
    this.#end = this.#start;
    return this.bytesAt(at, bytes);
  }

  #load(at: number, bytes: number): void {
    // A key that is longer, which is rare and bounded.
    this.#buffer = bytes > CHUNK ? Buffer.allocUnsafeSlow(bytes) : shared;
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
