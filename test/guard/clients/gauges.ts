import { ModelClient } from "./model-client.js";

/** Keeps the newest value of each of two gauges. */
export class Gauges extends ModelClient {
  gauges = new Map<number, number>();

  override record(id: number) {
    if (this.closed) this.sink.refused.push(id);
    else this.gauges.set(id % 2, id);
  }

  override async flush(): Promise<void> {
    if (this.gauges.size === 0) return;
    await this.sink.send(this.left);
    this.gauges.clear();
  }

  override get left(): readonly number[] {
    return [...this.gauges.values()];
  }
}
