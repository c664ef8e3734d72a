import type { Sink } from "./sink.js";

/** Takes records while its close sends what it has, and drops them when that has arrived. */
export class WritesWhileClosing {
  buffer: number[] = [];
  closed = false;

  constructor(readonly sink: Sink) {}

  record(id: number): void {
    if (this.closed) throw new Error("closed");
    this.buffer.push(id);
  }

  async send(batch: number[]): Promise<void> {
    await this.sink.send(batch);
  }

  flush(): Promise<void> {
    const batch = this.buffer;
    this.buffer = [];
    return batch.length > 0 ? this.send(batch) : Promise.resolve();
  }

  close(): Promise<void> {
    return this.flush().finally(() => {
      this.closed = true;
    });
  }
}
