import type { Replace } from "../../target.js";
import { setImmediate } from "../../timers.js";

type Listener = () => void;

interface Publisher {
  _batch?: { length: number };
  clearBatch(): void;
  enqueue(context: object): Promise<object>;
  flush(pendingEvents: number): void;
  send(batch: object): Promise<void>;
}

export interface Analytics {
  _publisher: Publisher;
  _isFlushing: boolean;
  _pendingEvents: number;
  _dispatch(event: object, callback?: unknown): void;
  emit(name: string, ...args: unknown[]): unknown;
  once(name: string, listener: Listener): unknown;
}

/** Events that are tracked between the beginnings of two flushes, while the first waits. */
class Group {
  /** The client, as which they are tracked: they are counted for themselves, too. */
  readonly client: Analytics;
  #pending = 0;

  /** @param tracked called with the context of each event */
  constructor(analytics: Analytics, tracked: (context: object) => void) {
    const count = (pending: number): void => {
      const more = pending - this.#pending;
      this.#pending = pending;
      analytics._pendingEvents += more;
    };
    this.client = Object.create(analytics, {
      _pendingEvents: { get: () => this.#pending, set: count },
      emit: {
        value(name: string, ...args: unknown[]) {
          if (name === "dispatch_start") tracked(args[0] as object);
          if (name !== "drained" || analytics._pendingEvents === 0) analytics.emit(name, ...args);
          return this as Analytics;
        },
      },
    }) as Analytics;
  }

  get pending(): number {
    return this.#pending;
  }
}

/** A flush that waits for the events that were pending when it began. */
interface Flush {
  since: Group;
  end: Listener;
}

/** The flushes of one instance, which may overlap: each is over when the events that were pending when it began are answered. */
export class Flushes {
  readonly #analytics: Analytics;
  /** In the order in which they began, which is that in which they end. */
  readonly #waiting: Flush[] = [];
  /** The group of an event, by its context. */
  readonly #groups = new WeakMap<object, Group>();
  #sends = false;

  constructor(analytics: Analytics) {
    this.#analytics = analytics;
  }

  adapt(replace: Replace): void {
    const analytics = this.#analytics;
    const publisher = analytics._publisher;
    replace(publisher, "flush", (original: Publisher["flush"]) => {
      const sendFilling = (): void => {
        if (this.#newest !== undefined && publisher._batch !== undefined)
          original.call(publisher, publisher._batch.length);
      };
      replace(publisher, "enqueue", (enqueue: Publisher["enqueue"]) => (context: object) => {
        const delivered = enqueue.call(publisher, context);
        if (this.#newest !== undefined && this.#groups.get(context) !== this.#newest) this.#soon(sendFilling);
        return delivered;
      });
      return (pendingEvents: number) => {
        original.call(publisher, pendingEvents);
        if (pendingEvents === 0) return;
        this.#takeListener();
        this.#soon(sendFilling);
      };
    });
    // Its listeners hear of a request before the batch is cleared, and may flush.
    replace(publisher, "send", (original: Publisher["send"]) => (batch: object) => {
      if (publisher._batch === batch) publisher.clearBatch();
      return original.call(publisher, batch);
    });
    replace(analytics, "_dispatch", (original: Analytics["_dispatch"]) => {
      const { _dispatch: unbound } = Object.getPrototypeOf(analytics) as Analytics;
      return (event: object, callback?: unknown) => {
        const newest = this.#newest;
        if (newest === undefined) original(event, callback);
        else unbound.call(newest.client, event, callback);
      };
    });
  }

  /** What is tracked now; undefined while no flush waits. */
  get #newest(): Group | undefined {
    return this.#waiting.at(-1)?.since;
  }

  /** A batch is sent when what was tracked in the same turn is in it. */
  #soon(send: () => void): void {
    if (this.#sends) return;
    this.#sends = true;
    setImmediate(() => {
      this.#sends = false;
      send();
    });
  }

  /** The next that a flush does is to listen until nothing is pending. */
  #takeListener(): void {
    const analytics = this.#analytics;
    const own = Object.getOwnPropertyDescriptor(analytics, "once");
    const once = (name: string, listener: Listener): unknown => {
      if (own === undefined) delete (analytics as Partial<Analytics>).once;
      else Object.defineProperty(analytics, "once", own);
      if (name !== "drained") return analytics.once(name, listener);
      if (this.#waiting.length === 0) this.#watch();
      const since = new Group(analytics, (context) => this.#groups.set(context, since));
      this.#waiting.push({ since, end: listener });
      return analytics;
    };
    Object.defineProperty(analytics, "once", { value: once, configurable: true, writable: true });
  }

  /** Looks whether a flush is over whenever fewer events are pending, as long as one waits. */
  #watch(): void {
    const analytics = this.#analytics;
    let pending = analytics._pendingEvents;
    const set = (now: number): void => {
      const isLess = now < pending;
      pending = now;
      if (!isLess) return;
      this.#endThoseOver(pending);
      if (this.#waiting.length > 0) return;
      Object.defineProperty(analytics, "_pendingEvents", { ...property, value: pending, writable: true });
    };
    const property = { enumerable: true, configurable: true };
    Object.defineProperty(analytics, "_pendingEvents", { ...property, get: () => pending, set });
  }

  #endThoseOver(pending: number): void {
    let since = this.#waiting.reduce((sum, flush) => sum + flush.since.pending, 0);
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || pending > since) return;
      this.#waiting.shift();
      since -= first.since.pending;
      first.end();
    }
  }
}
