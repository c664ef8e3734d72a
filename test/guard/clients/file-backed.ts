import { ModelClient } from "./model-client.js";

/** Its buffer is in a file: recording appends to it when it has been opened. */
export class FileBacked extends ModelClient {
  file: readonly number[] = [];

  override async record(id: number): Promise<void> {
    if (this.closed) {
      this.sink.refused.push(id);
      return;
    }
    await Promise.resolve();
    this.file = [...this.file, id];
  }

  override async flush(): Promise<void> {
    const ids = await this.read();
    if (ids.length === 0) return;
    await this.sink.send(ids);
    await this.write([]);
  }

  async read(): Promise<readonly number[]> {
    await Promise.resolve();
    return this.file;
  }

  async write(ids: readonly number[]): Promise<void> {
    await Promise.resolve();
    this.file = ids;
  }

  override get left(): readonly number[] {
    return this.file;
  }
}
