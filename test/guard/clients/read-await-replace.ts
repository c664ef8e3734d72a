import type { Client, Sink } from "./sink.js";

/** As flagsmith-nodejs: counts by name, sent and then replaced; the promise comes from a plain function. */
export class ReadAwaitReplace implements Client {
  counts: Record<string, number> = {};
  closed = false;

  constructor(readonly sink: Sink) {}

  record(id: number) {
    if (this.closed) this.sink.refused.push(id);
    else this.counts[id] = (this.counts[id] ?? 0) + 1;
  }

  flush(): Promise<unknown> {
    const ids = this.left;
    if (ids.length === 0) return Promise.resolve(this);
    return this.sink.send(ids).then(() => {
      this.counts = {};
      return this;
    });
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.closed = true;
    }
  }

  get left(): readonly number[] {
    return Object.entries(this.counts).flatMap(([id, times]) => Array<number>(times).fill(Number(id)));
  }
}
