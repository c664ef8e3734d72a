import { ListClient } from "./list-client.js";

/** As aws-embedded-metrics: sends the buffer, waits, clears it. */
export class ReadAwaitClear extends ListClient {
  override record(id: number) {
    super.record(id);
    return this;
  }

  override async flush(): Promise<void> {
    if (this.buffer.length === 0) return;
    await this.sink.send(this.buffer);
    this.buffer.length = 0;
  }
}
