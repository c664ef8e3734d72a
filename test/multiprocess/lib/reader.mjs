import { Worker } from "node:worker_threads";

/** A reader in another thread, asked from the midst of a system call of this one, as another process would be. */
export class Reader {
  #flag = new Int32Array(new SharedArrayBuffer(4));
  #numbers = new Float64Array(new SharedArrayBuffer(16));
  #text = new Uint8Array(new SharedArrayBuffer(1024));
  #thread;

  /** @param {string} build the URL of its collector */
  constructor(build) {
    const workerData = { build, flag: this.#flag, numbers: this.#numbers, text: this.#text };
    this.#thread = new Worker(new URL("./reader-thread.mjs", import.meta.url), { workerData });
  }

  /**
   * Waits for a scrape. Another directory is read by another collector.
   * @param {string} directory
   */
  read(directory) {
    Buffer.from(this.#text.buffer).fill(0).write(directory);
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
    if (Atomics.wait(this.#flag, 0, 1, 10_000) === "timed-out") throw new Error("the reader has not answered");
    const [total = 0, badFiles = 0] = this.#numbers;
    return { total, badFiles };
  }

  end() {
    return this.#thread.terminate();
  }
}
