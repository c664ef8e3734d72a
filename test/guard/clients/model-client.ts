import type { Client, Sink } from "./sink.js";

/** What most model clients have in common, whatever their buffer is. */
export abstract class ModelClient implements Client {
  closed = false;

  constructor(readonly sink: Sink) {}

  abstract record(id: number): unknown;

  abstract flush(done?: () => void): unknown;

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.closed = true;
    }
  }

  abstract readonly left: readonly number[];
}
