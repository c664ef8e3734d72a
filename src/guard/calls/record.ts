import { isAsync } from "../../is-async.js";
import { isVoid, type Kind, Kinds, kindOf } from "../../methods/kinds.js";
import type { Method } from "../../methods/method.js";
import { isReference } from "../../methods/owner.js";
import { isPlainPromise, isPromise, NativePromise, quiet } from "../../methods/promises.js";
import { Contents } from "../buffers/contents.js";
import { mentions } from "../buffers/mentions.js";
import { sizeOf, weightOf } from "../buffers/shapes.js";
import { wrongRules } from "../buffers/wrong-rules.js";
import type { Guard } from "../owner/guard.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { hasCallback } from "./callback-argument.js";

/** As many idle calls of a method tell into which fields it puts something: one may have several buffers. */
export const LEARNT_CALLS = 10;

type Fields = Record<string, unknown>;

/** A record, off its fast path. */
export class RecordCall {
  #kinds: Kinds;
  /** What its target says that it returns; undefined also once a call has returned something else. */
  #declared: Kind | undefined;
  readonly #isAsync: boolean;
  /** A held call of one that gives a promise: whoever made it has been given another. */
  readonly #heldCall: Method;
  /** A held call of one that gives nothing. */
  readonly #replayed: Method;
  readonly #call: (receiver: unknown, args: readonly unknown[]) => unknown;
  /** It is known to chain: nothing more is to be learnt from a call that has. */
  returnsThis = false;
  #hasThrown = false;
  /** Whether every number that it has returned was how much is in the buffer; undefined before the first. */
  #returnsSize: boolean | undefined;
  #learnt = 0;
  /** It has put its value into the buffer before it gave a promise: no flush waits for that. Undefined before the first. */
  #storesAtOnce: boolean | undefined;

  constructor(
    private readonly guarded: GuardedClass,
    private readonly original: Method,
    private readonly method: string,
  ) {
    this.#isAsync = isAsync(original);
    this.#declared = guarded.roles.returns;
    this.#kinds = new Kinds(this.#isAsync ? "promise" : this.#declared);
    const run = (receiver: unknown, args: readonly unknown[]): unknown => this.#run(receiver, args);
    this.#heldCall = function (...args) {
      const result = run(this, args);
      if (isPromise(result)) void quiet(result);
    };
    const watch = (receiver: unknown): (() => void) | undefined => {
      const instance = this.#learns ? this.guarded.instanceOf(receiver) : undefined;
      return instance === undefined ? undefined : this.#watch(instance);
    };
    const seeReturned = (result: unknown, receiver: unknown): void => this.#seeReturned(result, receiver);
    this.#replayed = function (...args) {
      const look = watch(this);
      const result: unknown = Reflect.apply(original, this, args);
      look?.();
      seeReturned(result, this);
      return result;
    };
    this.#call = (receiver, args) => Reflect.apply(this.original, receiver, args);
  }

  /** While an owner of the class is busy, or inside a record that calls out. */
  call(receiver: unknown, args: readonly unknown[]): unknown {
    const instance = this.guarded.instanceOf(receiver);
    if (instance === undefined) return this.#call(receiver, args);
    const { insideRecord } = this.guarded;
    const guard = insideRecord ? this.guarded.guardOf(instance) : this.guarded.existingGuardOf(instance);
    if (guard === undefined) return this.#learn(instance, receiver, args);
    if (guard.protection?.isTaken) guard.taken();
    if (!insideRecord && !guard.keepsRecords && !guard.mustQueue) return this.#learn(instance, receiver, args);
    const kind = this.#kindOf(args);
    if (kind === "promise") return this.#later(guard, instance, receiver, args);
    const aside = guard.protection?.aside;
    if (aside !== undefined && this.#returnsSize !== true) {
      return aside.during(() => this.#learn(instance, receiver, args));
    }
    if (this.#canHold(kind) && guard.hold(this.#learns ? this.#replayed : this.original, instance, args)) {
      return kind === "this" ? receiver : undefined;
    }
    if (kind === "value") {
      this.guarded.tell(`"${this.method}" returns a value, so its calls cannot be held`);
    }
    if (this.guarded.strategy !== "on the stack") guard.release();
    return this.#learn(instance, receiver, args);
  }

  /** What an idle call has returned, where it is not nothing or the first. */
  returned(receiver: unknown, result: unknown, withCallback: boolean): unknown {
    const instance = this.guarded.instanceOf(receiver);
    if (instance === undefined) return result;
    if (this.#declared === undefined) this.#kinds.note(result, receiver, withCallback);
    if (result === receiver) this.returnsThis = true;
    if (typeof result === "number" && this.#returnsSize !== false) this.#returnsSize = this.#isSize(instance, result);
    return isPromise(result) ? this.#follow(instance, result) : result;
  }

  /** An idle call has thrown. */
  threw(): void {
    this.#hasThrown = true;
  }

  /** Whether its calls can wait for a flush; undefined where none has told yet. */
  get canWait(): boolean | undefined {
    const told = [false, true].filter((withCallback) => this.#kinds.isTold(withCallback));
    if (told.length === 0) return undefined;
    const kinds = told.map((withCallback) => this.#kinds.known(withCallback));
    return kinds.every((kind) => this.#canHold(kind) || kind === "promise");
  }

  /** Its first calls tell into which fields it puts something. */
  get #learns(): boolean {
    return this.#learnt < LEARNT_CALLS;
  }

  /** What its caller gets is known before it is made. */
  #canHold(kind: Kind | undefined): boolean {
    return isVoid(kind) && !this.#hasThrown;
  }

  /** What such a call gives: one that gives nothing where its callback is left out gives nothing with it either. */
  #kindOf(args: readonly unknown[]): Kind | undefined {
    const bare = this.#kinds.known(false);
    return hasCallback(args) ? (this.#kinds.known(true) ?? (isVoid(bare) ? bare : undefined)) : bare;
  }

  #learn(instance: object, receiver: unknown, args: readonly unknown[]): unknown {
    if (!this.#learns) return this.#run(receiver, args);
    const look = this.#watch(instance);
    const isFirst = this.#learnt === 1;
    return this.#run(receiver, args, (result) => {
      const grown = look();
      if (grown !== undefined && isPromise(result)) this.#storesAtOnce ??= this.#isStored(grown);
      if (isFirst && grown?.length === 0) this.#tellLater(instance, receiver, result);
      this.#seeReturned(result, receiver);
      if (result === undefined) this.returned(receiver, result, hasCallback(args));
    });
  }

  /** A declaration that does not hold is none: what its calls give tells from here on. */
  #seeReturned(result: unknown, receiver: unknown): void {
    const declared = this.#declared;
    const kind = kindOf(result, receiver);
    if (declared === undefined || kind === declared) return;
    this.#declared = undefined;
    if (!this.#isAsync) this.#kinds = new Kinds();
    const given = { nothing: "nothing", this: "this", promise: "a promise", value: "a value" }[kind];
    this.guarded.tell(
      `returns: found "${declared}", expected what "${this.method}" gives, which is ${given}; it is ignored`,
      "warn",
    );
  }

  /** Whether a value is in a buffer that has grown in these fields. */
  #isStored(grown: readonly string[]): boolean {
    const { rules } = this.guarded;
    return rules.length === 0 ? grown.length > 0 : rules.some(([field]) => grown.includes(field));
  }

  /** What it has given may put the value in later, where no wrapper sees it: an `end()`, a builder. */
  #tellLater(instance: object, receiver: unknown, result: unknown): void {
    const { rules } = this.guarded;
    if (rules.length === 0 || !isReference(result) || result === receiver || isPromise(result)) return;
    const owner = this.guarded.ownerOf(instance) as Fields;
    if (rules.some(([field]) => sizeOf(owner[field]) > 0)) return;
    this.guarded.hasUnseenRecords = true;
    this.guarded.tell(
      `"${this.method}" puts nothing into a buffer, but gives something that may: its flushes are not kept waiting`,
    );
  }

  /**
   * Sees in which fields of the owner a call puts something.
   * @returns what tells it, after the call; it gives undefined where the call has flushed, so that it may be the flush's doing
   */
  #watch(instance: object): () => readonly string[] | undefined {
    this.#learnt++;
    const { flushes } = this.guarded.counters;
    this.guarded.lookForEmpty(instance);
    const owner = this.guarded.ownerOf(instance) as Fields;
    const contents = new Contents(owner, undefined, undefined, weightOf);
    const isIdle = (this.guarded.existingGuardOf(instance)?.flights.size ?? 0) === 0;
    return () => {
      const { bufferFields, counters } = this.guarded;
      if (counters.flushes !== flushes) return undefined;
      const isFlag = (field: string): boolean => typeof owner[field] === "boolean";
      const { grown } = contents;
      const stored = grown.filter((field) => !isFlag(field));
      if (bufferFields.add(stored)) this.guarded.keepsTooLittle(instance);
      bufferFields.add(grown.filter(isFlag));
      this.#seeNamed(owner, stored, isIdle);
      return stored;
    };
  }

  /** Whether a call has put something into the buffers that are declared. */
  #seeNamed(owner: Fields, stored: readonly string[], isIdle: boolean): void {
    const { bufferFields, rules } = this.guarded;
    const fields = rules.map(([field]) => field);
    const used = fields.filter((field) => stored.includes(field));
    if (isIdle) for (const field of used) bufferFields.used.add(field);
    if (
      used.length === 0 &&
      rules.some(([field, rule]) => typeof rule === "string" && weightOf(owner[field]) !== undefined)
    ) {
      bufferFields.missed(owner);
    }
    const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
    const now = "its record calls wait while a flush runs";
    for (const line of wrongRules(owner, rules)) this.guarded.tell(line, "warn");
    // One that is not there where the first record has put its value elsewhere is another's, or misspelt.
    const absent = fields.filter((field) => owner[field] === undefined);
    const others = stored.filter((field) => !fields.includes(field));
    if (absent.length > 0 && others.length > 0) {
      const reason = `buffers: it has no ${list(absent)}, and a record has put its value in ${list(others)}; ${now}`;
      this.guarded.tell(reason, absent.length === fields.length || this.guarded.isOwn ? "warn" : "info");
    } else if (this.guarded.isOwn) {
      const unknown = absent.filter((field) => !mentions(owner, field));
      const rest = absent.length === fields.length ? now : "nothing is looked for there";
      if (unknown.length > 0) this.guarded.tell(`buffers: it has no ${list(unknown)}; ${rest}`, "warn");
      if (others.length > 0 && bufferFields.areMissed(owner))
        this.guarded.tell(
          `buffers: records put their values in ${list(others)}, none in ${list(fields)}; ${now}`,
          "warn",
        );
    }
  }

  #run(receiver: unknown, args: readonly unknown[], look?: (result: unknown) => void): unknown {
    this.guarded.owners.enter();
    try {
      const result = this.#call(receiver, args);
      look?.(result);
      return result === undefined ? result : this.returned(receiver, result, hasCallback(args));
    } catch (error) {
      this.#hasThrown = true;
      throw error;
    } finally {
      this.guarded.owners.leave();
    }
  }

  /** One that gives a promise waits for the flush, unless it is that flush which asks for it. */
  #later(guard: Guard, instance: object, receiver: unknown, args: readonly unknown[]): unknown {
    const callsOut = this.guarded.callsOut(instance);
    const askers = guard.askers(callsOut !== false);
    // Asked for by code of the app's own that the flush may be waiting for.
    if (askers === undefined && callsOut === true && guard.hold(this.#heldCall, instance, args))
      return NativePromise.resolve();
    const aside = guard.protection?.aside;
    // One of which nothing is known yet may store its value at once.
    const storesAside = aside !== undefined && (this.#storesAtOnce || this.#learnt === 0);
    if (storesAside || this.guarded.recordsOutliveFlushes || askers === undefined) {
      return aside === undefined
        ? this.#run(receiver, args)
        : aside.during(() => this.#learn(instance, receiver, args));
    }
    if (guard.exclusive?.isDoubtful || this.#hasThrown) {
      guard.release();
      return this.#run(receiver, args);
    }
    let given: unknown;
    const later = guard.later((): unknown => {
      try {
        return this.#run(receiver, args);
      } catch (error) {
        // To its caller it would have thrown: whoever has not asked for the promise handles no rejection of it.
        if (isPromise(given)) void quiet(given);
        throw error;
      }
    }, instance);
    if (later === undefined) return this.#run(receiver, args);
    given = guard.inside.waitedFor(askers, true, () => later);
    return given;
  }

  /** A flush waits for the records whose values may come into the buffer late. */
  #follow(instance: object, promise: Promise<unknown>): Promise<unknown> {
    const { flushPromises, recordsOutliveFlushes, strategy } = this.guarded;
    // The promise of a flush that it has asked for waits for flushes itself.
    if (this.#storesAtOnce || flushPromises.has(promise)) return promise;
    if (strategy === "on the stack" || recordsOutliveFlushes) return promise;
    const guard = this.guarded.guardOf(instance);
    guard.beginRecord();
    const ended = (): void => guard.endRecord();
    if (this.#isAsync && isPlainPromise(promise))
      return guard.inside.followCall(promise, { ended, rest: () => undefined });
    promise.then(ended, ended);
    return promise;
  }

  #isSize(instance: object, result: number): boolean {
    const owner = this.guarded.ownerOf(instance) as Fields;
    return this.guarded.rules.some(([field]) => sizeOf(owner[field]) === result);
  }
}
