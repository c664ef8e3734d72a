import { ListClient } from "./list-client.js";

/** As flagsmith-nodejs: recording flushes of its own accord when there is enough. */
export class AutoFlush extends ListClient {
  override record(id: number) {
    super.record(id);
    if (this.buffer.length >= 3) this.flush().catch(() => {});
  }

  override async flush(): Promise<void> {
    if (this.buffer.length === 0) return;
    await this.sink.send(this.buffer);
    this.buffer = [];
  }
}
