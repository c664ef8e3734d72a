import { ListClient } from "./list-client.js";

/** Its flush takes a callback and clears the buffer before it calls it. */
export class Callback extends ListClient {
  override flush(done?: () => void) {
    this.sink.sendTo(this.buffer, (error) => {
      if (error === undefined) this.buffer = [];
      done?.();
    });
    return this;
  }

  override close(): Promise<void> {
    return new Promise((resolve) => {
      this.flush(() => {
        this.closed = true;
        resolve();
      });
    });
  }
}
