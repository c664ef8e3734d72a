import type { Sample, TextSink } from "../family.js";
import { valueText } from "./line.js";

/** Bytes after which the writing may be left off. */
const PER_SLICE = 4096;
/** Bytes that become one string together, at most: the first of a text are fewer. */
const TOGETHER = 2 ** 21;
const FIRST = 2 ** 16;
const ZERO = 0x30;
/** Of a number of 32 bits. */
const MOST_DIGITS = 10;
/** UTF-8 has for each unit of UTF-16, at most. */
const WIDEST = 3;

/** That of the last text: the next one is mostly as long. */
let spare: Buffer | undefined;

/**
 * A text of many lines, which nobody has to write in one piece. It is put together outside of V8's heap: strings that live
 * for as long as the writing takes make the heap grow by many times their size.
 */
export class Lines implements TextSink {
  #text = "";
  #bytes: Buffer;
  #used = 0;
  /** Since the writing could be left off. */
  #written = 0;

  constructor() {
    this.#bytes = spare ?? Buffer.allocUnsafeSlow(FIRST);
    spare = undefined;
  }

  /**
   * @param parts of a line, without its end
   * @returns whether that is enough for now
   */
  add(...parts: readonly string[]): boolean {
    for (const part of parts) this.put(part);
    return this.#endLine();
  }

  #endLine(): boolean {
    this.put("\n");
    if (this.#written < PER_SLICE) return false;
    this.#written = 0;
    return true;
  }

  /**
   * `name{labels} value`, as both formats have it, and what follows it.
   * @param nan how NaN is written
   */
  addSample(name: string, sample: Sample, nan?: string, rest = ""): boolean {
    this.put(name);
    if (sample.writeLabels !== undefined) sample.writeLabels(this);
    else if (sample.labels !== "") {
      this.put("{");
      this.put(sample.labels);
      this.put("}");
    }
    this.put(" ");
    const { value } = sample;
    if (value >>> 0 === value) this.#putWhole(value);
    else this.put(valueText(value, nan));
    this.put(rest);
    return this.#endLine();
  }

  /** The text. Nothing can be added afterwards. */
  end(): string {
    this.#join();
    spare = this.#bytes;
    return this.#text;
  }

  putBytes(bytes: Uint8Array, from: number, to: number): void {
    const size = to - from;
    if (size > this.#bytes.length - this.#used) this.#makeRoom(size);
    if (size > this.#bytes.length - this.#used) {
      this.#text += Buffer.from(bytes.subarray(from, to)).toString();
    } else {
      const [own, used] = [this.#bytes, this.#used];
      for (let i = 0; i < size; i++) own[used + i] = bytes[from + i] as number;
      this.#used += size;
    }
    this.#written += size;
  }

  /** Without a string for it. */
  #putWhole(value: number): void {
    if (this.#bytes.length - this.#used < MOST_DIGITS) this.#makeRoom(MOST_DIGITS);
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    let rest = value;
    for (let at = this.#used + digits - 1; at >= this.#used; at--) {
      this.#bytes[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#used += digits;
    this.#written += digits;
  }

  put(part: string): void {
    const most = part.length * WIDEST;
    if (most > this.#bytes.length - this.#used) this.#makeRoom(most);
    if (most > TOGETHER) this.#text += part;
    else if (!this.#putAscii(part)) this.#used += this.#bytes.write(part, this.#used);
    this.#written += part.length;
  }

  /** @returns false where there is more in it */
  #putAscii(part: string): boolean {
    const [bytes, used] = [this.#bytes, this.#used];
    for (let i = 0; i < part.length; i++) {
      const code = part.charCodeAt(i);
      if (code > 127) return false;
      bytes[used + i] = code;
    }
    this.#used += part.length;
    return true;
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes > TOGETHER) this.#join();
    if (this.#used + bytes <= this.#bytes.length || bytes > TOGETHER) return;
    const larger = Buffer.allocUnsafeSlow(Math.min(TOGETHER, Math.max(this.#bytes.length * 2, this.#used + bytes)));
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }

  #join(): void {
    const bytes = this.#bytes.subarray(0, this.#used);
    this.#text += bytes.toString();
    this.#used = 0;
  }
}
