import { ListClient } from "./list-client.js";

/** As datadog-metrics: takes its batch out of the buffer before it waits, and puts it back when sending fails. */
export class SwapThenSend extends ListClient {
  override async flush(): Promise<void> {
    const batch = this.buffer;
    if (batch.length === 0) return;
    this.buffer = [];
    try {
      await this.sink.send(batch);
    } catch (error) {
      this.buffer = batch.concat(this.buffer);
      throw error;
    }
  }
}
