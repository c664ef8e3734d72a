import type { Client, Sink } from "./sink.js";

/** Its buffer is in a file: recording reads it, waits, and writes it again. */
export class FileBacked implements Client {
  file: readonly number[] = [];
  closed = false;

  constructor(readonly sink: Sink) {}

  async record(id: number): Promise<void> {
    if (this.closed) {
      this.sink.refused.push(id);
      return;
    }
    const ids = await this.read();
    await this.write([...ids, id]);
  }

  async flush(): Promise<void> {
    const ids = await this.read();
    if (ids.length === 0) return;
    await this.sink.send(ids);
    await this.write([]);
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.closed = true;
    }
  }

  async read(): Promise<readonly number[]> {
    await Promise.resolve();
    return this.file;
  }

  async write(ids: readonly number[]): Promise<void> {
    await Promise.resolve();
    this.file = ids;
  }

  get left(): readonly number[] {
    return this.file;
  }
}
