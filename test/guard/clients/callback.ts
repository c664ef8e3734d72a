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

  override async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.flush(resolve);
    });
    this.closed = true;
  }
}
