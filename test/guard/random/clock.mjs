import { AsyncResource } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";

/** A loop that never stops turning counts as one that would go on for ever. */
const MAX_EVENTS = 20_000;

/** The clock that timers, `performance.now()` and `process.hrtime()` go by; undefined: the real one. */
let current;

class Timer {
  constructor(clock, callback, args, ms, every) {
    this.resource = new AsyncResource(every === undefined ? "Timeout" : "Interval");
    Object.assign(this, { clock, callback, args, ms, every, alive: true, at: 0, order: 0 });
    clock.add(this, ms);
  }
  ref() {
    this.alive = true;
    return this;
  }
  unref() {
    this.alive = false;
    return this;
  }
  hasRef() {
    return this.alive;
  }
  refresh() {
    this.clock.remove(this);
    this.clock.add(this, this.ms);
    return this;
  }
  close() {
    this.clock.remove(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.order;
  }
}

/** Virtual time: nothing waits, and the same program takes the same turns every time. */
export class Clock {
  now = 0;
  #order = 0;
  #timers = [];
  #immediates = [];

  /** @param uncaught called with what a callback throws, or a microtask */
  constructor(uncaught) {
    this.uncaught = uncaught;
  }

  add(timer, ms) {
    timer.at = this.now + Math.max(1, Math.trunc(ms) || 1);
    timer.order = ++this.#order;
    let place = this.#timers.length;
    while (place > 0 && this.#timers[place - 1].at > timer.at) place--;
    this.#timers.splice(place, 0, timer);
  }

  remove(timer) {
    const place = this.#timers.indexOf(timer);
    if (place >= 0) this.#timers.splice(place, 1);
  }

  addImmediate(callback, args) {
    const immediate = {
      callback,
      args,
      resource: new AsyncResource("Immediate"),
      alive: true,
      ref: () => immediate,
      unref: () => immediate,
      hasRef: () => true,
      close: () => this.removeImmediate(immediate),
    };
    this.#immediates.push(immediate);
    return immediate;
  }

  removeImmediate(immediate) {
    const place = this.#immediates.indexOf(immediate);
    if (place >= 0) this.#immediates.splice(place, 1);
  }

  /** Whether something of the program keeps its process alive. */
  get busy() {
    return this.#immediates.length > 0 || this.#timers.some(({ alive }) => alive);
  }

  get empty() {
    return this.#immediates.length === 0 && this.#timers.length === 0;
  }

  resources() {
    return [
      ...this.#timers.filter(({ alive }) => alive).map(() => "Timeout"),
      ...this.#immediates.map(() => "Immediate"),
    ];
  }

  /** Makes this the clock of the process until `run` returns. */
  during(run) {
    const before = current;
    current = this;
    try {
      return run();
    } finally {
      current = before;
    }
  }

  /** Empties the queues of ticks and microtasks. */
  drain() {
    for (;;) {
      try {
        process._tickCallback();
        return;
      } catch {
        // It has been told to "uncaughtException"; the rest of the queue is still there.
      }
    }
  }

  /**
   * Turns the loop.
   * @param until stop at this time
   * @param wanted whether to go on, asked before each event
   * @returns whether it stopped for being asked to, or having nothing to do
   */
  turn(until, wanted) {
    this.drain();
    for (let events = 0; wanted(); events++) {
      if (events > MAX_EVENTS) return false;
      const immediate = this.#immediates.shift();
      if (immediate !== undefined) {
        this.#run(immediate);
        continue;
      }
      const timer = this.#timers[0];
      if (timer === undefined) return true;
      if (timer.at > until) {
        this.now = until;
        return false;
      }
      this.#timers.shift();
      this.now = timer.at;
      if (timer.every !== undefined) this.add(timer, timer.every);
      this.#run(timer);
    }
    return true;
  }

  #run({ resource, callback, args }) {
    try {
      resource.runInAsyncScope(callback, undefined, ...args);
    } catch (error) {
      this.uncaught(error);
    }
    this.drain();
  }
}

/** Puts the virtual timers in the place of the real ones, which still serve whatever runs outside `during`. */
export function installClock() {
  const real = { ...timers };
  const now = performance.now.bind(performance);
  const { hrtime } = process;
  const date = Date.now;
  const resources = process.getActiveResourcesInfo.bind(process);
  const replaced = {
    setTimeout: (callback, ms, ...args) =>
      current === undefined ? real.setTimeout(callback, ms, ...args) : new Timer(current, callback, args, ms),
    setInterval: (callback, ms, ...args) =>
      current === undefined
        ? real.setInterval(callback, ms, ...args)
        : new Timer(current, callback, args, ms, Math.max(1, ms)),
    setImmediate: (callback, ...args) =>
      current === undefined ? real.setImmediate(callback, ...args) : current.addImmediate(callback, args),
    clearTimeout: (timer) => (timer instanceof Timer ? timer.close() : real.clearTimeout(timer)),
    clearInterval: (timer) => (timer instanceof Timer ? timer.close() : real.clearInterval(timer)),
    clearImmediate: (immediate) =>
      immediate?.resource instanceof AsyncResource ? immediate.close() : real.clearImmediate(immediate),
  };
  Object.assign(timers, replaced);
  Object.assign(globalThis, replaced);
  syncBuiltinESMExports();
  performance.now = () => (current === undefined ? now() : current.now);
  process.hrtime = Object.assign(
    (...since) =>
      current === undefined ? hrtime(...since) : [Math.floor(current.now / 1000), (current.now % 1000) * 1e6],
    { bigint: hrtime.bigint },
  );
  Date.now = () => (current === undefined ? date() : current.now);
  process.getActiveResourcesInfo = () => (current === undefined ? resources() : current.resources());
}
