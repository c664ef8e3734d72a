import { AsyncLocalStorage } from "node:async_hooks";
import { types } from "node:util";
import { compileFunction } from "node:vm";
import { Clock } from "./clock.mjs";
import { rolesOf } from "./declare.mjs";
import { has, isSum, keepsOnFailure, needsCallback, parts, sourceOf, takesCallback } from "./shape.mjs";
import { STEP_VALUES, stepsOf } from "./steps.mjs";

/** Values of what senders and hooks record. */
const FROM_SENDER = STEP_VALUES + 1;
const FROM_HOOK = STEP_VALUES + 2;
/** Any of the latencies that a sender has, many times over. Whoever waits longer waits for nothing. */
export const PATIENCE = 500;
const CLOSING_FLUSHES = 3;
/** A program of a dozen values that sends more often than this would do so for ever. */
const MAX_SENDS = 300;

const factories = new Map();

function factoryOf(shape) {
  const source = sourceOf(shape);
  let factory = factories.get(source);
  if (factory === undefined) {
    if (factories.size > 2000) factories.clear();
    factory = compileFunction(source, ["env"]);
    factories.set(source, factory);
  }
  return factory;
}

/** Lets the sources of classes go that have been compiled. */
export function forgetSources() {
  factories.clear();
}

/** What the failures that a sender makes are called. */
const REFUSED = "refused by the sender";

/** The app's own context. One for all runs: on Node 20 each slows every promise down that comes after it. */
const storage = new AsyncLocalStorage();

let running;
process.on("unhandledRejection", (error) => running?.unhandled.push(message(error)));
process.on("uncaughtException", (error) => running?.uncaught.push(message(error)));

const message = (error) => (error instanceof Error ? error.message : String(error));

/**
 * The steps of a program with the values that they record.
 * @returns the main task and the one beside it
 */
export function numbered(program) {
  let next = 0;
  const number = (step, index) => {
    if (step.do !== "record") return { ...step, index };
    const values = [];
    for (let i = 0; i < step.n && next < STEP_VALUES; i++) values.push(next++);
    return { ...step, index, values };
  };
  const steps = stepsOf(program);
  if (program.late) steps.splice(Math.floor(steps.length / 2), 0, { do: "guard" });
  const main = steps.map(number);
  return { main, beside: program.beside.map((step, index) => number(step, main.length + index)) };
}

/**
 * Runs a program in virtual time.
 * @param guard the package's `guard()`, `disable()` and `enable()`; undefined: the unguarded run
 * @param clock the clock of the guard's own timers; a new one where there is no guard
 */
export function play(program, guard, clock = new Clock()) {
  const run = new Run(program, guard, clock);
  running = run.trace;
  clock.uncaught = (error) => run.trace.uncaught.push(message(error));
  try {
    clock.during(() => run.play());
  } finally {
    running = undefined;
    storage.disable();
  }
  return run.trace;
}

class Run {
  trace = {
    /** Every value that a sender has taken: which, in which context, whether before the closing flushes. */
    arrived: [],
    /** What each step returned, threw, how it settled. */
    steps: [],
    /** Values whose record call was not refused, in order, and the index of the client whose buffer they are in. */
    recorded: new Map(),
    /** Values whose record call was made before the first close. */
    open: new Set(),
    early: new Set(),
    failures: [],
    /** What a sender was to do that it has come to do. */
    met: new Set(),
    /** Whether a sender has called back twice before the closing flushes. */
    calledTwice: false,
    unhandled: [],
    uncaught: [],
    ended: "not",
    /** Whether it would not stop sending. */
    endless: false,
    declined: undefined,
    /** Weak references to the clients. */
    clients: [],
    /** Own properties that the client ends with. */
    keys: undefined,
  };
  #once = new Set();
  #sent = 0;
  #isClosing = false;
  #closed = false;
  #handles = [];
  #disabled = false;

  constructor(program, guard, clock) {
    this.program = program;
    this.guard = guard;
    this.clock = clock;
    this.started = clock.now;
    this.tasks = numbered(program);
  }

  play() {
    const { clock, trace } = this;
    this.clock.turn(Number.POSITIVE_INFINITY, () => false);
    const { Client, Base } = factoryOf(this.program.shape)(this.#env());
    this.Client = Client;
    this.Base = Base;
    if (!this.program.late && this.program.guarded !== "instance") this.#guard();
    this.#construct();
    if (!this.program.late && this.program.guarded === "instance") this.#guard();
    let over = false;
    void this.#main().then(() => {
      over = true;
    });
    const until = clock.now + PATIENCE * 20;
    clock.turn(until, () => !over && (clock.busy || (this.program.alive && !clock.empty)));
    if (!over && !clock.busy && !this.program.alive) {
      this.#beforeExit();
      clock.turn(until, () => !over && clock.busy);
    }
    trace.ended = over ? "done" : this.program.alive ? "waiting" : "starved";
    clock.turn(clock.now + PATIENCE * 10, () => clock.busy);
    this.#beforeExit();
    clock.turn(clock.now + PATIENCE * 10, () => clock.busy);
    this.#isClosing = true;
    for (const { timer } of this.clients) clearInterval(timer);
    for (let i = 0; i < CLOSING_FLUSHES; i++) {
      for (const client of this.clients) {
        let settled = false;
        this.#flush(client, "flush", true, (outcome) => {
          settled = outcome;
        });
        clock.turn(clock.now + PATIENCE * 10, () => !settled && !clock.empty);
      }
    }
    clock.turn(clock.now + PATIENCE * 10, () => !clock.empty);
    this.#tidy();
    trace.keys = this.clients.map((client) => Object.keys(client).join());
  }

  #beforeExit() {
    this.guard?.ends?.();
    this.clock.drain();
  }

  #tidy() {
    if (this.guard === undefined) return;
    if (this.#disabled) this.guard.enable();
    for (const { handle } of this.#handles) handle.restore();
    this.clock.turn(this.clock.now + PATIENCE * 20, () => !this.clock.empty);
  }

  #guard() {
    if (this.guard === undefined || this.#disabled || this.#handles.length > 0) return;
    const roles = rolesOf(this.program);
    const what = {
      class: [this.Client],
      base: [this.Base],
      both: this.Base === this.Client ? [this.Base] : [this.Base, this.Client],
      instance: this.clients,
    }[this.program.guarded];
    for (const value of what) {
      let handle;
      try {
        handle = this.guard.guard(value, roles);
      } catch (error) {
        this.trace.declined = `throws: ${message(error)}`;
        continue;
      }
      if (!handle.guarded) this.trace.declined = handle.reason;
      this.#handles.push({ handle });
    }
  }

  #construct() {
    const { shape } = this.program;
    const sender = takesCallback(shape)
      ? (batch, done) => this.#sendThenCall(batch, done)
      : (batch) => this.#send(batch);
    const first = new this.Client(sender);
    const second = new this.Client(sender, shape.owner === "shared" ? first.core : undefined);
    this.clients = [first, second];
    if (has(shape, "wrappedRecord")) this.#wrap("record");
    if (has(shape, "wrappedFlush")) this.#wrap("flush");
    this.trace.clients = this.clients.map((client) => new WeakRef(client));
    this.used = this.clients.map((client) => (this.program.via === "proxy" ? new Proxy(client, {}) : client));
    this.bound = this.clients.map((client) => {
      const names = [...new Set(["record", "flush", ...parts(shape).flush, ...parts(shape).close])];
      return Object.fromEntries(names.map((name) => [name, client[name].bind(client)]));
    });
  }

  #wrap(name) {
    for (const client of this.clients.filter(Object.isExtensible)) {
      const original = client[name];
      client[name] = function (...args) {
        return original.apply(this, args);
      };
    }
  }

  #call(on, name, args) {
    const client = this.used[on];
    switch (this.program.via) {
      case "call":
        return Object.getPrototypeOf(client)[name].call(client, ...args);
      case "bound":
        return this.bound[on][name](...args);
      case "destructured": {
        const { [name]: method } = client;
        return method.apply(client, args);
      }
      default:
        return client[name](...args);
    }
  }

  #env() {
    const sum = isSum(this.program.shape);
    const { ctx } = this.program.shape;
    return {
      item: (v) => (sum ? v : ctx ? `k${v}@${storage.getStore() ?? ""}` : `k${v}`),
      key: (v) => (v % 2 === 0 ? "even" : "odd"),
      amount: (v) => 8 ** v,
      pause: (done) =>
        done === undefined ? new Promise((resolve) => setTimeout(resolve, 1)) : void setTimeout(() => done(), 1),
      hook: (v, client) => this.#hook(v, client),
      fire: (promise) => void promise?.catch(() => {}),
      exhaust: async (generator) => {
        try {
          for await (const _ of generator);
        } catch {}
      },
    };
  }

  #hook(v, client) {
    const { value, how } = this.program.hook;
    if (v !== value || !this.#first(`hook ${v}`)) return;
    if (how === "record") this.#recordFrom(client, FROM_HOOK);
    else this.#flush(client, "flush", true, () => {});
  }

  #first(what) {
    if (this.#once.has(what)) return false;
    this.#once.add(what);
    return true;
  }

  #recordFrom(client, v) {
    const result = client.record(v);
    this.#recorded(v, this.used.indexOf(client));
    if (types.isPromise(result)) result.catch(() => {});
  }

  #recorded(v, on) {
    this.trace.recorded.set(v, this.program.shape.owner === "shared" ? 0 : on);
    if (!this.#closed) this.trace.open.add(v);
  }

  // What senders do.

  /** What is in a batch, and what is to become of it. */
  #read(batch, take) {
    const { sender, shape } = this.program;
    const items = valuesOf(batch, isSum(shape));
    const has = (value) => items.some(({ v }) => v === value);
    const order = this.#sent++;
    if (order > MAX_SENDS) {
      this.trace.endless = true;
      throw new Error("sent too often");
    }
    const latency = sender.latencies[(items[0]?.v ?? 0) % sender.latencies.length];
    const bad = sender.bad !== null && has(sender.bad.value) ? sender.bad : undefined;
    if (bad !== undefined) this.trace.met.add("bad");
    if (sender.again !== null && has(sender.again.value)) this.trace.met.add("again");
    const fails =
      (bad?.how === "reject" || bad?.how === "throw") && (!keepsOnFailure(shape) || this.#first("the failure"));
    if (fails) this.trace.failures.push(this.clock.now);
    const arrive = () => {
      for (const item of sender.readsLate ? valuesOf(batch, isSum(shape)) : items) {
        // A server that refuses a batch of a client that throws it away has kept what was good in it.
        if (fails && (keepsOnFailure(shape) || item.v === bad.value)) continue;
        this.trace.arrived.push({ ...item, order, closing: this.#isClosing, at: this.clock.now - this.started });
      }
    };
    if (!sender.readsLate) take?.();
    return {
      latency,
      bad: bad?.how,
      fails,
      arrive,
      again: sender.again !== null && has(sender.again.value) ? sender.again.how : undefined,
    };
  }

  #send(batch) {
    const client = this.#clientOf();
    const { latency, bad, fails, arrive, again } = this.#read(batch);
    if (fails && bad === "throw") {
      arrive();
      throw new Error(REFUSED);
    }
    if (bad === "never") {
      arrive();
      return new Promise(() => {});
    }
    const nested = again !== undefined && this.#first("again") ? this.#again(again, client) : undefined;
    if (latency === 0 && nested === undefined && !fails) {
      arrive();
      return Promise.resolve();
    }
    return (async () => {
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
      if (nested !== undefined) await nested;
      arrive();
      if (fails) throw new Error(REFUSED);
    })();
  }

  #sendThenCall(batch, done) {
    const client = this.#clientOf();
    const { latency, bad, fails, arrive, again } = this.#read(batch);
    if (bad === "never") return arrive();
    const nested = again !== undefined && this.#first("again") ? this.#again(again, client) : undefined;
    const finish = () => {
      arrive();
      const error = fails ? new Error(REFUSED) : null;
      done(error);
      if (bad !== "twice") return;
      this.trace.calledTwice ||= !this.#isClosing;
      done(error);
    };
    const after = nested === undefined ? finish : () => void nested.then(finish);
    if (latency === 0) after();
    else setTimeout(after, latency);
  }

  /** The client that a sender calls: the first, as an app has but one in reach. */
  #clientOf() {
    return this.used[0];
  }

  #again(how, client) {
    if (how === "record") {
      this.#recordFrom(client, FROM_SENDER);
      return undefined;
    }
    if (how === "close") {
      if (client.close === undefined) return undefined;
      this.#closed = true;
      const closing = client.close(() => {});
      if (types.isPromise(closing)) closing.catch(() => {});
      return undefined;
    }
    const nested = new Promise((resolve) => this.#flush(client, "flush", true, resolve));
    return how === "awaitFlush" ? nested : undefined;
  }

  // What the app does.

  async #main() {
    const beside = this.#task(this.tasks.beside);
    const { main } = this.tasks;
    // Whoever closes knows that nobody else uses the client any more.
    const closing = main.findIndex((step) => step.do === "close");
    if (closing < 0) {
      await Promise.all([this.#task(main), beside]);
      return;
    }
    await this.#task(main.slice(0, closing));
    await beside;
    await this.#task(main.slice(closing));
  }

  async #task(steps) {
    for (const step of steps) {
      const waiting = this.#step(step);
      if (waiting !== undefined) await waiting;
    }
  }

  #step(step) {
    switch (step.do) {
      case "record":
        return this.#record(step);
      case "flush": {
        const names = parts(this.program.shape).flush;
        const name = step.other ? names[names.length - 1] : "flush";
        return this.#flushStep(step, name);
      }
      case "close":
        if (this.program.shape.close === "none") return undefined;
        this.#closed = true;
        return this.#flushStep({ ...step, watch: true, callback: true }, "close");
      case "sleep":
        return new Promise((resolve) => setTimeout(resolve, step.ms));
      case "turn":
        return new Promise((resolve) => setImmediate(resolve));
      case "tick":
        return Promise.resolve();
      default:
        return this.#control(step.do);
    }
  }

  #control(what) {
    if (this.guard === undefined) return undefined;
    if (what === "guard") this.#guard();
    else if (what === "restore") for (const { handle } of this.#handles.splice(0)) handle.restore();
    else if (what === "disable" && !this.#disabled) {
      this.#disabled = true;
      this.guard.disable();
    } else if (what === "enable" && this.#disabled) {
      this.#disabled = false;
      this.guard.enable();
    }
    return undefined;
  }

  #record(step) {
    const seen = [];
    this.trace.steps[step.index] = { do: "record", seen };
    const all = () => {
      for (const v of step.values) {
        const one = { v, returned: undefined, threw: undefined, settled: undefined };
        seen.push(one);
        try {
          const result = this.#call(step.on, "record", [v]);
          one.returned = this.#kind(result);
          this.#recorded(v, step.on);
          if (step.watch && types.isPromise(result)) {
            const since = this.clock.now;
            result.then(
              (value) => {
                one.settled = { value: this.#kind(value), after: this.clock.now - since };
              },
              (error) => {
                one.settled = { error: message(error), after: this.clock.now - since };
              },
            );
          }
        } catch (error) {
          one.threw = message(error);
        }
      }
    };
    if (step.as === undefined) all();
    else storage.run(step.as, all);
  }

  /** A flush or close of the app's: noted whole. */
  #flushStep(step, name) {
    const { trace, clock } = this;
    const since = clock.now;
    const one = { do: name, since, returned: undefined, threw: undefined, settled: undefined, calls: 0 };
    trace.steps[step.index] = one;
    const before = [...trace.open];
    const owner = this.program.shape.owner === "shared" ? 0 : step.on;
    const mine = (v) => trace.recorded.get(v) === owner;
    const over = (outcome) => {
      one.calls++;
      if (one.settled !== undefined) return;
      one.settled = { ...outcome, after: clock.now - since };
      if (outcome.error !== undefined || name === "close") return;
      const there = new Set(trace.arrived.map(({ v }) => v));
      if (before.some((v) => mine(v) && !there.has(v) && v !== this.program.sender.bad?.value))
        trace.early.add(step.index);
    };
    return this.#flush(this.used[step.on], name, step.callback, over, step, one);
  }

  /**
   * Calls a flush in the form that the class wants.
   * @param over called with how it ended, where that can be seen
   * @returns what to wait for, where the step waits
   */
  #flush(client, name, withCallback, over, step, one = {}) {
    const { shape } = this.program;
    const byCallback =
      takesCallback(shape) ||
      (name === "close" && shape.close === "callback" && shape.form !== "generator" && shape.form !== "sync");
    const callback = byCallback && (withCallback || needsCallback(shape));
    let finish;
    const finished = callback
      ? new Promise((resolve) => {
          finish = resolve;
        })
      : undefined;
    const args = callback
      ? [
          (error) => {
            over(error ? { error: message(error) } : { value: "called" });
            finish();
          },
        ]
      : [];
    if (has(shape, "options") && name !== "close") args.unshift({});
    let result;
    try {
      result = step === undefined ? client[name](...args) : this.#call(step.on, name, args);
    } catch (error) {
      one.threw = message(error);
      one.at = this.clock.now;
      over({ error: message(error) });
      return undefined;
    }
    one.returned = this.#kind(result);
    if (callback) {
      if (types.isPromise(result)) result.catch(() => {});
      return step?.wait ? finished : undefined;
    }
    if (typeof result?.[Symbol.asyncIterator] === "function") {
      const reading = (async () => {
        for await (const _ of result);
      })().then(
        () => over({ value: "read" }),
        (error) => over({ error: message(error) }),
      );
      return step?.wait ? reading : undefined;
    }
    if (typeof result?.then === "function") {
      if (step !== undefined && !step.wait && !step.watch) return undefined;
      const watched = result.then(
        (value) => over({ value: this.#kind(value) }),
        (error) => over({ error: message(error) }),
      );
      return step?.wait ? watched : undefined;
    }
    if (step === undefined) over({ value: "returned" });
    return undefined;
  }

  #kind(value) {
    if (value === undefined) return "nothing";
    for (const [index, client] of this.used.entries()) {
      if (value === client || value === this.clients[index])
        return value === client ? `client ${index}` : `bare client ${index}`;
    }
    if (types.isPromise(value)) {
      const own = Object.keys(value).join();
      return value.constructor === Promise && own === "" ? "promise" : `promise of its own kind ${own}`;
    }
    if (typeof value === "object" && value !== null) {
      if (typeof value.then === "function") return "thenable";
      if (typeof value[Symbol.asyncIterator] === "function") return "generator";
      return Object.prototype.toString.call(value);
    }
    return `${typeof value} ${this.program.shape.record === "size" ? "" : String(value)}`;
  }
}

/** What a server finds in a batch. */
function valuesOf(batch, sum) {
  const found = [];
  const add = (key, n) => {
    if (sum) {
      for (let v = 0, rest = n; rest >= 1; v++, rest = Math.floor(rest / 8))
        for (let i = rest % 8; i > 0; i--) found.push({ v, ctx: undefined });
      return;
    }
    const [name, ctx] = String(key).split("@");
    for (let i = 0; i < n; i++) found.push({ v: Number(name.slice(1)), ctx });
  };
  if (Array.isArray(batch) || batch instanceof Set) for (const item of batch) add(item, 1);
  else if (batch instanceof Map) for (const [key, n] of batch) add(key, n);
  else if (batch?.total !== undefined) add("total", batch.total);
  else if (batch?.even instanceof Object)
    for (const part of [batch.even, batch.odd]) for (const [key, n] of Object.entries(part)) add(key, n);
  else for (const [key, n] of Object.entries(batch ?? {})) add(key, n);
  return found;
}
