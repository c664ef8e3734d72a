import { ModelClient } from "./model-client.js";
import type { Sink } from "./sink.js";

/** As hot-shots with child clients: every instance of a sink has the same buffer. */
export class SharedHolder extends ModelClient {
  static readonly #holders = new WeakMap<Sink, { buffer: number[] }>();
  readonly holder: { buffer: number[] };

  constructor(sink: Sink) {
    super(sink);
    this.holder = SharedHolder.holderOf(sink);
  }

  static holderOf(sink: Sink): { buffer: number[] } {
    const holder = SharedHolder.#holders.get(sink) ?? { buffer: [] };
    SharedHolder.#holders.set(sink, holder);
    return holder;
  }

  override record(id: number) {
    if (this.closed) this.sink.refused.push(id);
    else this.holder.buffer.push(id);
  }

  override async flush(): Promise<void> {
    if (this.holder.buffer.length === 0) return;
    await this.sink.send(this.holder.buffer);
    this.holder.buffer = [];
  }

  override get left(): readonly number[] {
    return this.holder.buffer;
  }
}
