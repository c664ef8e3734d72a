/** Bytes that become one string together. */
const TOGETHER = 32_768;
/** UTF-8 has for each unit of UTF-16, at most. */
const WIDEST = 3;

/** A text of many lines, which nobody has to write in one piece, nor with a string for each line. */
export class Lines {
  /** V8 keeps what is added to a string apart until somebody reads it. */
  #text = "";
  readonly #last = Buffer.allocUnsafeSlow(TOGETHER);
  #used = 0;

  /**
   * @param parts of a line, without its end
   * @returns whether that is enough for now
   */
  add(...parts: readonly string[]): boolean {
    const before = this.#text;
    for (const part of parts) this.#put(part);
    this.#put("\n");
    return this.#text !== before;
  }

  /** `name{labels} value`, as both formats have it, and what follows it. */
  addSample(name: string, labels: string, value: string, rest = ""): boolean {
    return labels === "" ? this.add(name, " ", value, rest) : this.add(name, "{", labels, "} ", value, rest);
  }

  toString(): string {
    this.#join();
    return this.#text;
  }

  #put(part: string): void {
    if (part.length * WIDEST > TOGETHER - this.#used) this.#join();
    if (part.length * WIDEST > TOGETHER) this.#text += part;
    else if (!this.#putAscii(part)) this.#used += this.#last.write(part, this.#used);
  }

  /** @returns false where there is more in it */
  #putAscii(part: string): boolean {
    const [last, used] = [this.#last, this.#used];
    for (let i = 0; i < part.length; i++) {
      const code = part.charCodeAt(i);
      if (code > 127) return false;
      last[used + i] = code;
    }
    this.#used += part.length;
    return true;
  }

  #join(): void {
    this.#text += this.#last.toString("utf8", 0, this.#used);
    this.#used = 0;
  }
}
