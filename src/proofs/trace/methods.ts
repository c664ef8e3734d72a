import { hookedModule } from "../../chosen-targets.js";
import { installHooks, type LoadedFile } from "../../hooks/index.js";
import { findExport, methodHolder } from "../../methods/find-export.js";
import type { Method } from "../../methods/method.js";
import { isPromise } from "../../methods/promises.js";
import { sendersOf } from "../../methods/senders.js";
import { obstacle, replaceMethod } from "../../methods/wrap-method.js";
import { matchesFile } from "../../packages/file-match.js";
import { findFactory, madeHolder } from "../../patch/factory.js";
import { isMarked } from "../../patch/mark.js";
import type { Target } from "../../target.js";
import type { TargetEntry } from "../../targets/list.js";
import { watchBuffer } from "./buffer-watch.js";
import type { BufferEvent, Call, Recorder } from "./recorder.js";

/** Notes when the flush and close methods of a target are called and settle: on the outside, where the app calls them. */
export class MethodWatch {
  readonly #target: Target;
  readonly #recorder: Recorder;
  readonly #seen = new WeakSet<object>();
  /** The calls whose own code is running, the innermost last. */
  readonly #running: Pending[] = [];
  /** Record calls whose code is running: what they read of the buffer is not read by a flush. */
  #recording = 0;

  private constructor(target: Target, recorder: Recorder) {
    this.#target = target;
    this.#recorder = recorder;
  }

  /** Hooks the loading of a target, behind the preload where there is one, so that its wrappers are the inner ones. */
  static start(entry: TargetEntry, recorder: Recorder): void {
    const watches = entry.load().map((target) => new MethodWatch(target, recorder));
    // What cannot be watched is missing on the timeline; the scenario runs as without it.
    installHooks(
      [hookedModule(entry.module, [entry])],
      (loaded) => {
        for (const watch of watches) watch.#file(loaded);
      },
      () => {},
    );
  }

  #file(loaded: LoadedFile): void {
    const { file, factory: path, export: name } = this.#target;
    if (!matchesFile(file, loaded.file)) return;
    if (path === undefined) {
      const holder = methodHolder(findExport(loaded.exports, name), sendersOf(this.#target));
      if (holder !== undefined) this.#wrap(holder);
      return;
    }
    const factory = findFactory(loaded, path, (made) => {
      const found = madeHolder(made, this.#target);
      if (found !== undefined) this.#wrap(found.holder);
    });
    if (factory === undefined || this.#seen.has(factory.original)) return;
    this.#seen.add(factory.original).add(factory.watched);
    factory.replace();
  }

  #wrap(holder: object): void {
    if (this.#seen.has(holder)) return;
    this.#seen.add(holder);
    const { record = [], flush = [], close = [], ends, buffers } = this.#target;
    // A guarded flush has a buffer of its own.
    const watched = buffers !== undefined && !isMarked(holder);
    for (const name of [...flush, ...close]) {
      this.#replace(holder, name, (original) => this.#noted(name, original, watched));
    }
    if (watched) for (const name of record) this.#replace(holder, name, (original) => this.#recorded(original));
    if (ends?.method !== undefined) this.#replace(holder, ends.method, (original) => this.#awaited(original));
  }

  #replace(holder: object, name: string, wrapperOf: (original: Method) => Method): void {
    if (obstacle(holder, name) !== undefined) return;
    const original = (holder as Record<string, Method>)[name] as Method;
    const wrapper = Object.defineProperties(wrapperOf(original), {
      name: { value: original.name, configurable: true },
      length: { value: original.length, configurable: true },
    });
    replaceMethod(holder, name, wrapper);
  }

  #recorded(original: Method): Method {
    const count = (step: number) => {
      this.#recording += step;
    };
    return function (this: unknown, ...args) {
      count(1);
      try {
        return Reflect.apply(original, this, args);
      } finally {
        count(-1);
      }
    };
  }

  /** @returns takes the watch away */
  #watchBuffers(instance: unknown): () => void {
    const { owner: path, buffers = {} } = this.#target;
    const owner = path === undefined ? instance : findExport(instance, path);
    if (typeof owner !== "object" || owner === null) return () => {};
    const tell = (what: BufferEvent["what"]): boolean => {
      if (this.#recording > 0) return false;
      this.#recorder.buffer.push({ what, at: performance.now() });
      return true;
    };
    const stops = Object.keys(buffers).map((field) => watchBuffer(owner, field, tell));
    return () => {
      for (const stop of stops) stop();
    };
  }

  #noted(method: string, original: Method, watched: boolean): Method {
    const running = this.#running;
    const { calls } = this.#recorder;
    const watch = (instance: unknown) => (watched ? this.#watchBuffers(instance) : () => {});
    return function (this: unknown, ...args) {
      const call: Call = { method, from: performance.now() };
      calls.push(call);
      const pending = new Pending(call, watch(this));
      running.push(pending);
      try {
        const result = Reflect.apply(original, this, pending.until(args));
        if (isPromise(result)) pending.untilSettled(result);
        return result;
      } catch (error) {
        call.failed = true;
        throw error;
      } finally {
        running.pop();
        pending.done();
      }
    };
  }

  /** A flush that is given no callback may give one to the method that sends. */
  #awaited(original: Method): Method {
    const running = this.#running;
    return function (this: unknown, ...args) {
      return Reflect.apply(original, this, running.at(-1)?.until(args) ?? args);
    };
  }
}

/** What a call has yet to wait for: its own code, its promise, its callbacks. */
class Pending {
  readonly #call: Call;
  readonly #settled: () => void;
  #left = 1;

  constructor(call: Call, settled: () => void) {
    this.#call = call;
    this.#settled = settled;
  }

  done(): void {
    this.#left--;
    if (this.#left > 0) return;
    this.#call.to = performance.now();
    this.#settled();
  }

  /** The arguments with the last function among them awaited. */
  until(args: unknown[]): unknown[] {
    const index = args.findLastIndex((arg) => typeof arg === "function");
    if (index === -1) return args;
    const callback = args[index] as Method;
    const once = this.#once();
    return args.with(index, function (this: unknown, ...results: unknown[]) {
      once();
      return Reflect.apply(callback, this, results);
    });
  }

  untilSettled(promise: Promise<unknown>): void {
    const once = this.#once();
    promise.then(once, () => {
      this.#call.failed = true;
      once();
    });
  }

  #once(): () => void {
    this.#left++;
    let first = true;
    return () => {
      if (first) this.done();
      first = false;
    };
  }
}
