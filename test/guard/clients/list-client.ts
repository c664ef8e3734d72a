import type { Client, Sink } from "./sink.js";

/** What the model clients with a list for a buffer have in common. */
export abstract class ListClient implements Client {
  buffer: number[] = [];
  closed = false;

  constructor(readonly sink: Sink) {}

  abstract flush(done?: () => void): unknown;

  record(id: number): unknown {
    if (this.closed) this.sink.refused.push(id);
    else this.buffer.push(id);
    return undefined;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.closed = true;
    }
  }

  get left(): readonly number[] {
    return this.buffer;
  }
}
