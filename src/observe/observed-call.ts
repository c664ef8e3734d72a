import { withCallback } from "../guard/calls/callback-argument.js";
import { Callbacks } from "../guard/calls/callbacks.js";
import { LeftOutCallback } from "../guard/calls/left-out-callback.js";
import type { Role } from "../guard/calls/wrappers.js";
import { isAsync } from "../is-async.js";
import type { Method } from "../methods/method.js";
import { isPromise } from "../methods/promises.js";
import { attempt } from "./attempt.js";
import type { ObservedFlight } from "./flight.js";
import type { ObservedClass } from "./observed-class.js";
import type { ObservedOwner } from "./observed-owner.js";
import { withWatchedSend } from "./watched-send.js";

/** @param waitedFor whether somebody goes on now who has waited for it */
type Settled = (waitedFor: boolean, error?: { cause: unknown }) => void;

/** A flush, send or close that is observed: the original runs at once, and nobody waits longer for it. */
export class ObservedCall {
  readonly #class: ObservedClass;
  readonly #role: Role;
  readonly #original: Method;
  /** Its promise is its caller's alone, as no code of the client's has it. */
  readonly #callersAlone: boolean;
  readonly #leftOut: LeftOutCallback;

  constructor(observed: ObservedClass, role: Role, original: Method) {
    this.#class = observed;
    this.#role = role;
    this.#original = original;
    this.#callersAlone = role === "flush" ? observed.guarded.givesOwnPromise(original) : isAsync(original);
    this.#leftOut = new LeftOutCallback(observed.guarded);
  }

  make(receiver: unknown, args: readonly unknown[]): unknown {
    const owner = this.#class.ownerOf(receiver);
    const begun = owner && attempt(this.#class.guarded, () => this.#begin(owner));
    if (owner === undefined || begun === undefined) return Reflect.apply(this.#original, receiver, args);
    const { running, settled } = begun;
    // What a record or another flush asks for, nobody waits for who could go on too early.
    const isWaitedFor = this.#role !== "send" && owner.running === undefined;
    const settle: Settled = (waitedFor, error) => {
      attempt(this.#class.guarded, () => settled(isWaitedFor && waitedFor, error));
    };
    const callersCallback = this.#role !== "send" && args.some((arg) => typeof arg === "function");
    const callbacks = new Callbacks(() => settle(callersCallback));
    if (typeof running === "object") running.abandoned = () => callbacks.abandon();
    const passed = this.#role === "send" ? args : this.#withCallback(args, callbacks);
    let result: unknown;
    try {
      result = owner.run(running, () => this.#run(receiver as object, passed, callbacks, running));
    } catch (cause) {
      settle(false, { cause });
      throw cause;
    }
    this.#leftOut.returned(passed, result, receiver);
    if (typeof running === "object") attempt(this.#class.guarded, () => owner.returned(running));
    if (isPromise(result)) return this.#follow(result, settle);
    if (callbacks.awaited) callbacks.settleFlight();
    else settle(callersCallback);
    return result;
  }

  #begin(owner: ObservedOwner): { running: "close" | ObservedFlight; settled: Settled } {
    if (this.#role === "close") {
      return {
        running: "close",
        settled: (waitedFor) => {
          if (waitedFor) owner.strand(owner.flights, "close");
        },
      };
    }
    const flight = owner.begin();
    return {
      running: flight,
      settled: (waitedFor, error) => {
        const early = owner.end(flight, error !== undefined);
        if (waitedFor && error === undefined) owner.strand(early, "early return");
      },
    };
  }

  #withCallback(args: readonly unknown[], callbacks: Callbacks): readonly unknown[] {
    return withCallback(this.#role === "flush" ? this.#leftOut.arguments(args) : args, callbacks);
  }

  #run(receiver: object, args: readonly unknown[], callbacks: Callbacks, running: "close" | ObservedFlight): unknown {
    const { ends } = this.#class.guarded.roles;
    const run = (): unknown => Reflect.apply(this.#original, receiver, args);
    if (ends === undefined || running === "close") return run();
    const failed = (): void => {
      running.failed = true;
    };
    return withWatchedSend(receiver, ends, callbacks, failed, run);
  }

  /** Where the client may have handled its promise itself, one made of it would report a rejection again. */
  #follow(promise: Promise<unknown>, settle: Settled): unknown {
    const followed = promise.then(
      (value) => {
        settle(true);
        return value;
      },
      (cause: unknown) => {
        settle(true, { cause });
        if (this.#callersAlone) throw cause;
      },
    );
    return this.#callersAlone ? followed : promise;
  }
}
