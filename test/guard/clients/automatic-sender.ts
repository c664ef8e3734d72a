import { SwapThenSend } from "./swap-then-send.js";

/** As unleash-client: recording starts a send of its own when there is enough; a flush sends what is left. */
export class AutomaticSender extends SwapThenSend {
  override record(id: number) {
    super.record(id);
    if (this.buffer.length >= 3) this.send().catch(() => {});
  }

  async send(): Promise<void> {
    await super.flush();
  }

  override async flush(): Promise<void> {
    await this.send();
  }
}
