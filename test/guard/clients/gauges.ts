import type { Client, Sink } from "./sink.js";

/** Keeps the newest value of each of two gauges. */
export class Gauges implements Client {
  gauges = new Map<number, number>();
  closed = false;

  constructor(readonly sink: Sink) {}

  record(id: number) {
    if (this.closed) this.sink.refused.push(id);
    else this.gauges.set(id % 2, id);
  }

  async flush(): Promise<void> {
    if (this.gauges.size === 0) return;
    await this.sink.send(this.left);
    this.gauges.clear();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.closed = true;
    }
  }

  get left(): readonly number[] {
    return [...this.gauges.values()];
  }
}
