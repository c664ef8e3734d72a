import type { Replace, Target } from "../target.js";

interface Publisher {
  send(batch: object): Promise<void>;
  flush(pendingEvents: number): void;
}

interface Analytics {
  _publisher: Publisher;
  _isFlushing: boolean;
  _pendingEvents: number;
}

/**
 * A flush sends the batch that is filling only if it holds every pending event, and counts among these the events of
 * batches already on their way: with one of them in flight it waits for the timer, ten seconds by default. So the publisher
 * is asked again whenever a batch has been answered, once its events are no longer pending.
 */
function adapt(analytics: Analytics, replace: Replace): void {
  const publisher = analytics._publisher;
  const flushRest = (): void => {
    if (analytics._isFlushing && analytics._pendingEvents > 0) publisher.flush(analytics._pendingEvents);
  };
  replace(publisher, "send", (original: Publisher["send"]) => {
    const send = (batch: object): Promise<void> =>
      original.call(publisher, batch).finally(() => setImmediate(flushRest));
    return send;
  });
}

/**
 * Run: 1.3.0, 2.0.0, 2.3.0, 3.0.0, 3.1.0. Read: 1.0.0 and 1.2.0. Before 1.3.0 there is no `flush`, only a `closeAndFlush` that
 * nothing can overlap.
 *
 * A flush is over when no event is pending, so those tracked meanwhile are held, or it would never be over; another flush
 * returns at once without having done anything. `closeAndFlush` is a `flush` with an option: it waits for its turn.
 *
 * `track`, `identify` and the others build the event, its time and id included, and give it to `_dispatch`.
 * The constructor binds every method to the instance, so the class must be guarded before there is one.
 */
export const target: Target = {
  module: "@segment/analytics-node",
  versions: ">=1.3.0 <4",
  unaffected: "<1.3.0",
  file: "dist/{cjs,esm}/app/analytics-node.js",
  export: "Analytics",
  batch: "hold",
  record: ["_dispatch"],
  flush: ["flush"],
  adapt,
  callsOut: { flush: false },
};
