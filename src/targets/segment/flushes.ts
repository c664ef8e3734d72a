import type { Replace } from "../../target.js";
import { setImmediate } from "../../timers.js";

type Listener = () => void;

interface Publisher {
  _batch?: { length: number };
  enqueue(context: object): Promise<object>;
  flush(pendingEvents: number): void;
}

export interface Analytics {
  _publisher: Publisher;
  _isFlushing: boolean;
  _pendingEvents: number;
  _dispatch(event: object, callback?: unknown): void;
  emit(name: string, ...args: unknown[]): unknown;
  on(name: string, listener: Listener): unknown;
  once(name: string, listener: Listener): unknown;
  off(name: string, listener: Listener): unknown;
}

/** Events that were tracked between two flushes. */
class Group {
  /** The client, as which they are tracked: they are counted for themselves, too. */
  readonly client: Analytics;
  #pending = 0;

  /**
   * @param tracked called with the context of each event
   * @param answered called when one is not pending any more
   */
  constructor(analytics: Analytics, tracked: (context: object) => void, answered: () => void) {
    const count = (pending: number): void => {
      const isLess = pending < this.#pending;
      analytics._pendingEvents += pending - this.#pending;
      this.#pending = pending;
      if (isLess) answered();
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
  /** What is tracked since, but for what is tracked since the next flush. */
  since: Group;
  end: Listener;
}

/** The flushes of one instance, which may overlap: each is over when the events that were pending when it began are answered. */
export class Flushes {
  readonly #analytics: Analytics;
  /** In the order in which they began, which is that in which they end. */
  readonly #waiting: Flush[] = [];
  #newest: Group;
  /** The group of an event, by its context. */
  readonly #groups = new WeakMap<object, Group>();
  #sends = false;

  constructor(analytics: Analytics) {
    this.#analytics = analytics;
    this.#newest = this.#group();
  }

  adapt(replace: Replace): void {
    const analytics = this.#analytics;
    const publisher = analytics._publisher;
    replace(publisher, "flush", (original: Publisher["flush"]) => {
      const sendFilling = (): void => {
        if (this.#waiting.length > 0 && publisher._batch !== undefined)
          original.call(publisher, publisher._batch.length);
      };
      replace(publisher, "enqueue", (enqueue: Publisher["enqueue"]) => (context: object) => {
        const delivered = enqueue.call(publisher, context);
        if (this.#waiting.length > 0 && this.#groups.get(context) !== this.#newest) this.#soon(sendFilling);
        return delivered;
      });
      return (pendingEvents: number) => {
        original.call(publisher, pendingEvents);
        if (pendingEvents === 0) return;
        this.#takeListener();
        this.#soon(sendFilling);
      };
    });
    const { _dispatch: dispatch } = Object.getPrototypeOf(analytics) as Analytics;
    replace(analytics, "_dispatch", () => (event: object, callback?: unknown) => {
      dispatch.call(this.#newest.client, event, callback);
    });
  }

  #group(): Group {
    const group = new Group(this.#analytics, (context) => this.#groups.set(context, group), this.#look);
    return group;
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
      this.#newest = this.#group();
      this.#waiting.push({ since: this.#newest, end: listener });
      if (this.#waiting.length === 1) analytics.on("drained", this.#look);
      return analytics;
    };
    Object.defineProperty(analytics, "once", { value: once, configurable: true, writable: true });
  }

  /** Ends the flushes that have nothing to wait for any more. */
  readonly #look = (): void => {
    let since = this.#waiting.reduce((sum, flush) => sum + flush.since.pending, 0);
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#analytics._pendingEvents > since) return;
      this.#waiting.shift();
      since -= first.since.pending;
      if (this.#waiting.length === 0) this.#analytics.off("drained", this.#look);
      first.end();
    }
  };
}
