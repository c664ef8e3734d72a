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

/** Read on a client as which events are tracked, gives their group. */
const GROUP = Symbol("flushguard.group");

/** Events that are tracked between the beginnings of two flushes. */
class Group {
  /** The client, as which they are tracked: they are counted for themselves, too. */
  readonly client: Analytics;
  /** The contexts of those that are tracked while a flush waits and are not in a batch yet. */
  readonly coming = new Set<object>();
  pending = 0;

  /** @param counting what the clients of all groups inherit from */
  constructor(counting: Analytics) {
    this.client = Object.create(counting, { [GROUP]: { value: this } }) as Analytics;
  }
}

interface Counting extends Analytics {
  readonly [GROUP]: Group;
}

/** A flush that waits for the events that were pending when it began. */
interface Flush {
  /** Those of them that were tracked last; the flushes before it wait for the others. */
  last: Group;
  end: Listener;
}

/** The flushes of one instance, which may overlap: each is over when the events that were pending when it began are answered. */
export class Flushes {
  readonly #analytics: Analytics;
  readonly #counting: Analytics;
  #newest: Group;
  /** In the order in which they began, which is that in which they end. */
  readonly #waiting: Flush[] = [];
  /** A flush has just asked for what is pending to be sent: the next that it does is to listen until nothing is. */
  #begins = false;
  #sends = false;
  /** Pending events that were tracked as a group's. */
  #counted = 0;

  constructor(analytics: Analytics) {
    this.#analytics = analytics;
    this.#counting = this.#countingFor(analytics);
    this.#newest = new Group(this.#counting);
  }

  adapt(replace: Replace): void {
    const analytics = this.#analytics;
    if (analytics._pendingEvents > 0) this.#countEarlier(this.#newest);
    const publisher = analytics._publisher;
    replace(publisher, "flush", (original: () => Publisher["flush"]) => {
      const sendFilling = (): void => {
        if (this.#waits && publisher._batch !== undefined) original().call(publisher, publisher._batch.length);
      };
      replace(publisher, "enqueue", (enqueue: () => Publisher["enqueue"]) => (context: object) => {
        const delivered = enqueue().call(publisher, context);
        if (this.#waits && !this.#newest.coming.delete(context)) this.#soon(sendFilling);
        return delivered;
      });
      return (pendingEvents: number) => {
        original().call(publisher, pendingEvents);
        if (pendingEvents === 0) return;
        this.#begins = true;
        this.#soon(sendFilling);
      };
    });
    // Its listeners hear of a request before the batch is cleared, and may flush.
    replace(publisher, "send", (original: () => Publisher["send"]) => (batch: object) => {
      if (publisher._batch === batch) publisher.clearBatch();
      return original().call(publisher, batch);
    });
    replace(analytics, "once", (original: () => Analytics["once"]) => {
      const begin = (name: string, listener: Listener): boolean => this.#begin(name, listener);
      return function (this: Analytics, name: string, listener: Listener): unknown {
        return begin(name, listener) ? this : original().call(this, name, listener);
      };
    });
    replace(analytics, "_dispatch", () => {
      return (event: object, callback?: unknown) => {
        const { _dispatch: unbound } = Object.getPrototypeOf(analytics) as Analytics;
        return unbound.call(this.#newest.client, event, callback);
      };
    });
  }

  get #waits(): boolean {
    return this.#waiting.length > 0;
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

  /** @returns false where it is no flush that listens */
  #begin(name: string, listener: Listener): boolean {
    const begins = this.#begins && name === "drained";
    this.#begins = false;
    if (!begins) return false;
    this.#waiting.push({ last: this.#newest, end: listener });
    this.#newest = new Group(this.#counting);
    return true;
  }

  #endThoseOver(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || first.last.pending > 0) return;
      this.#waiting.shift();
      first.end();
    }
  }

  /** Counts as a group's the events that are pending already: they were tracked as the client itself. */
  #countEarlier(group: Group): void {
    const analytics = this.#analytics;
    let pending = analytics._pendingEvents;
    let earlier = pending;
    group.pending = earlier;
    const property = { enumerable: true, configurable: true };
    const set = (now: number): void => {
      pending = now;
      const more = pending - this.#counted - earlier;
      if (more === 0) return;
      earlier += more;
      group.pending += more;
      this.#endThoseOver();
      if (earlier > 0) return;
      Object.defineProperty(analytics, "_pendingEvents", { ...property, value: pending, writable: true });
    };
    Object.defineProperty(analytics, "_pendingEvents", { ...property, get: () => pending, set });
  }

  /** What the clients of all groups inherit from: with accessors of its own, each would have a shape of which no code knows anything yet. */
  #countingFor(analytics: Analytics): Analytics {
    const count = (more: number): void => {
      this.#counted += more;
      analytics._pendingEvents += more;
      if (more < 0) this.#endThoseOver();
    };
    const comes = (context: unknown, { coming }: Group): void => {
      if (this.#waits) coming.add(context as object);
    };
    return Object.create(analytics, {
      _pendingEvents: {
        get(this: Counting) {
          return this[GROUP].pending;
        },
        set(this: Counting, pending: number) {
          const group = this[GROUP];
          const more = pending - group.pending;
          group.pending = pending;
          count(more);
        },
      },
      emit: {
        value(this: Counting, name: string, ...args: unknown[]) {
          if (name === "dispatch_start") comes(args[0], this[GROUP]);
          if (name !== "drained" || analytics._pendingEvents === 0) analytics.emit(name, ...args);
          return this;
        },
      },
    }) as Analytics;
  }
}
