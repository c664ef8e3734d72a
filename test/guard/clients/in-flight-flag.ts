import { ListClient } from "./list-client.js";

/** As many: a flush during another one returns at once, as if there were nothing to send. */
export class InFlightFlag extends ListClient {
  sending = false;

  override async flush(): Promise<void> {
    if (this.sending || this.buffer.length === 0) return;
    this.sending = true;
    const batch = [...this.buffer];
    try {
      await this.sink.send(batch);
      this.buffer.splice(0, batch.length);
    } finally {
      this.sending = false;
    }
  }
}
