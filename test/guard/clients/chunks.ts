import { ListClient } from "./list-client.js";

/** Sends in chunks and takes each out once it is sent, so a failure leaves a part; its record returns a value. */
export class Chunks extends ListClient {
  override record(id: number) {
    super.record(id);
    return this.buffer.length;
  }

  override async flush(): Promise<void> {
    while (this.buffer.length > 0) {
      const chunk = this.buffer.slice(0, 2);
      await this.sink.send(chunk);
      this.buffer.splice(0, chunk.length);
    }
  }
}
