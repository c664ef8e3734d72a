import { ModelClient } from "./model-client.js";

/** A buffer that no merge rule fits. */
export class Bag {
  readonly ids: number[] = [];

  put(id: number) {
    this.ids.push(id);
  }
}

export const bagRule = {
  fresh: () => new Bag(),
  merge(live: Bag, left: Bag) {
    live.ids.unshift(...left.ids);
    return left.ids.length > 0;
  },
};

/** Its buffer is an object of a class of its own, replaced after a flush. */
export class BagClient extends ModelClient {
  bag = new Bag();

  override record(id: number) {
    if (this.closed) this.sink.refused.push(id);
    else this.bag.put(id);
    return this;
  }

  override async flush(): Promise<void> {
    if (this.bag.ids.length === 0) return;
    await this.sink.send(this.bag.ids);
    this.bag = new Bag();
  }

  override get left(): readonly number[] {
    return this.bag.ids;
  }
}
