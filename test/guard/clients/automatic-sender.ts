import { ListClient } from "./list-client.js";

/** As unleash-client: recording starts a send of its own when there is enough; a flush sends what is left. */
export class AutomaticSender extends ListClient {
  override record(id: number) {
    super.record(id);
    if (this.buffer.length >= 3) this.send().catch(() => {});
  }

  async send(): Promise<void> {
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

  override async flush(): Promise<void> {
    await this.send();
  }
}
