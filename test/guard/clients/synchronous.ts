import { ListClient } from "./list-client.js";

/** As hot-shots over a stream: its flush is over when it returns, and calls out while the buffer is full. */
export class Synchronous extends ListClient {
  override record(id: number) {
    super.record(id);
    // Flushes of its own accord when it is full.
    if (this.buffer.length >= 4) this.flush();
  }

  override flush(done?: () => void) {
    try {
      if (this.buffer.length > 0) this.sink.sendNow(this.buffer);
      this.buffer = [];
    } catch {
      // An error of the network: what is in the buffer goes out with the next flush.
    }
    done?.();
  }
}
