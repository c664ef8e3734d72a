import { ListClient } from "./list-client.js";

/** As statsd-client: its flush gives the transport a callback that clears the buffer, and tells its caller nothing. */
export class Transport extends ListClient {
  override flush() {
    this.post(this.buffer, () => {
      this.buffer = [];
    });
  }

  /** Never calls back when it fails. */
  post(ids: readonly number[], sent: () => void) {
    this.sink.sendTo(ids, (error) => {
      if (error === undefined) sent();
      else this.kill();
    });
  }

  kill() {}

  override async close(): Promise<void> {
    this.flush();
    this.closed = true;
  }
}
