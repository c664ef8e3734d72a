import { ModelClient } from "./model-client.js";

/** What the model clients with a list for a buffer have in common. */
export abstract class ListClient extends ModelClient {
  buffer: number[] = [];

  override record(id: number): unknown {
    if (this.closed) this.sink.refused.push(id);
    else this.buffer.push(id);
    return undefined;
  }

  override get left(): readonly number[] {
    return this.buffer;
  }
}
