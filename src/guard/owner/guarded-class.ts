import { isAsync } from "../../is-async.js";
import { log } from "../../log.js";
import { Kinds } from "../../methods/kinds.js";
import type { Method } from "../../methods/method.js";
import { isReference, ownerOf } from "../../methods/owner.js";
import { hasPrivateFields } from "../../methods/private-fields.js";
import { NativePromise } from "../../methods/promises.js";
import { sendersOf } from "../../methods/senders.js";
import { hearOn } from "../../process-events.js";
import { reasonOf } from "../../reason-of.js";
import { type Roles, type Strategy, strategyOf } from "../../target.js";
import { type Counters, newCounters } from "../../telemetry/counters.js";
import { BufferFields } from "../buffers/buffer-fields.js";
import { SeenEmpty } from "../buffers/seen-empty.js";
import type { Rules } from "../buffers/shapes.js";
import { unview } from "../buffers/view.js";
import { finalOf } from "../calls/final.js";
import { inFlight } from "../later.js";
import { settledWithin } from "./clock.js";
import { activeGuards } from "./exit.js";
import type { Guard, Limits, OfClass } from "./guard.js";
import { KnownInstances } from "./known-instances.js";
import { Lineage } from "./lineage.js";
import { Owners, sharedOwners } from "./owners.js";
import { Replacements } from "./replacements.js";

/** What a flush waits at most for records that have given a promise. Some are over only when they have been flushed. */
const RECORDS_MS = 1000;

/** The state of every lock owner, for as long as the owner itself lives. */
const guards = new WeakMap<object, Guard>();
/** The classes of the objects whose methods are wrapped. */
const lineage = new Lineage<GuardedClass>();
/** The records of these objects, by name. */
const records = new Lineage<Map<string, Recording>>();

/** A record method. */
interface Recording {
  /** Whether its calls can wait for a flush; undefined where none has told yet. */
  readonly canWait: boolean | undefined;
}

/** What the wrapped methods of one patched class share. */
export class GuardedClass implements OfClass {
  readonly counters: Counters = newCounters();
  readonly strategy: Strategy;
  readonly path: readonly string[];
  readonly rules: Rules;
  readonly owners: Owners;
  /** Those whose flush, send or close was called; each, where drains are asked for. */
  readonly known = new KnownInstances();
  /** What its target has replaced on instances. */
  readonly replacements = new Replacements();
  readonly seenEmpty: SeenEmpty;
  /** What its flushes have returned: of one that has not been called yet, the others tell. */
  readonly flushKinds = new Kinds();
  readonly bufferFields: BufferFields;
  /** Promises that its closes have given: a flush after one may give the same again. */
  readonly closePromises = new WeakSet<object>();
  /** The promises that its flushes have given. */
  readonly flushPromises = new WeakSet<object>();
  /** What of it is not guarded as declared, found out since. */
  readonly reasons = new Set<string>();
  /** Off, every wrapped method is the original. */
  enabled = true;
  /** About to be switched off: nothing new is guarded, what is in flight is still waited for. */
  stopping = false;
  /** Something has been put into a buffer that no wrapper has seen. */
  hasUnseenRecords = false;
  /** Records whose promise is settled by a flush: none of them waits, and nothing waits for them. */
  #recordsOutliveFlushes = false;
  #activeOwners = 0;
  readonly #adapted = new WeakSet<object>();
  /** Whether something of an instance is replaced before its first record or flush. */
  readonly #adapts: boolean;
  readonly #prepare: Roles["prepare"];
  readonly #idleWaiters: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly roles: Roles,
    readonly limits: Limits,
    /** Of the app's own, in which what is not there is a mistake. */
    readonly isOwn = false,
  ) {
    this.strategy = strategyOf(roles);
    this.#adapts = roles.adapt !== undefined || (roles.final !== undefined && roles.final !== false);
    this.#prepare = roles.prepare;
    this.path = roles.owner === undefined ? [] : roles.owner.split(".");
    this.owners = this.path.length === 0 ? new Owners() : sharedOwners;
    if (roles.record?.length) this.owners.areRecordedInto = true;
    this.rules = Object.entries(roles.buffers ?? {});
    this.bufferFields = new BufferFields(this.rules.map(([field]) => field));
    this.seenEmpty = new SeenEmpty(this.rules);
  }

  /** Whether something may be recorded that no wrapper sees. */
  get recordsUnseen(): boolean {
    // Whoever asks for "hold" and names no record says that records need not be held.
    return this.hasUnseenRecords || (!this.owners.areRecordedInto && this.roles.batch !== "hold");
  }

  /** Of the records of an instance that have told, whether their calls can wait for a flush. */
  recordsCanWait(instance: object): boolean[] {
    const all = records.of(instance).flatMap((methods) => [...methods.values()]);
    return all.map(({ canWait }) => canWait).filter((canWait) => canWait !== undefined);
  }

  /** Whether the running code was called by a record that may not have stored its value yet. */
  get insideRecord(): boolean {
    return this.roles.callsOut?.record === true && this.owners.onStack;
  }

  /** Whether its target says what tells the end of a flush that gives no promise. */
  get declaresEnd(): boolean {
    const { ends } = this.roles;
    return ends?.callback !== undefined || ends?.method !== undefined;
  }

  /** Whether nobody but the caller of a flush has the promise that it gives. */
  givesOwnPromise(flush: Method): boolean {
    return isAsync(flush) || this.roles.callersPromise === true;
  }

  get recordsOutliveFlushes(): boolean {
    return this.#recordsOutliveFlushes;
  }

  /** Notes that the methods of a prototype or instance are wrapped. */
  covers(holder: object): void {
    lineage.add(holder, this);
  }

  /** Notes that a record of a prototype or instance is wrapped. */
  addRecord(holder: object, method: string, recording: Recording): void {
    const methods = records.at(holder) ?? new Map<string, Recording>();
    records.add(holder, methods.set(method, recording));
  }

  /** The lock owner of an instance. One that is derived from another has that one's. */
  ownerOf(instance: object): object {
    const origin = this.known.originOf(instance);
    return origin === undefined ? ownerOf(instance, this.path) : this.ownerOf(origin);
  }

  /** The guard of the instance's lock owner. */
  guardOf(instance: object): Guard {
    this.known.add(instance);
    const known = this.existingGuardOf(instance);
    if (known !== undefined) return known;
    const owner = this.ownerOf(instance);
    if (owner === instance && this.path.length > 0) {
      const reason = `owner: "${this.path.join(".")}" leads nowhere, so the instance itself is what is locked`;
      this.tell(reason, this.isOwn ? "warn" : "info");
    }
    const cells = new Set([this.owners, ...lineage.of(instance).map(({ owners }) => owners)]);
    const { Guard } = inFlight();
    const guard = new Guard(this, [...cells], () => {
      // A guard that was made since is not its.
      for (const key of [owner, instance]) if (guards.get(key) === guard) guards.delete(key);
    });
    guards.set(owner, guard);
    // Its flush may replace the owner.
    if (owner !== instance) guards.set(instance, guard);
    return guard;
  }

  /** The guard of the instance's lock owner, if a flush has ever needed one. */
  existingGuardOf(instance: object): Guard | undefined {
    return guards.get(this.ownerOf(instance)) ?? guards.get(instance);
  }

  /** The instance a wrapped method was called on, or undefined where the guard has nothing to say. */
  instanceOf(receiver: unknown): object | undefined {
    return this.enabled && isReference(receiver) ? unview(receiver) : undefined;
  }

  /** Whether its target has something to do before records and flushes. */
  get prepares(): boolean {
    return this.#adapts || this.roles.prepare !== undefined;
  }

  /** Brings an instance's copy of shared state up to date, and adapts an instance that has not been. */
  prepare(receiver: unknown): void {
    const instance = this.instanceOf(receiver);
    if (instance === undefined) return;
    const prepare = this.#prepare;
    try {
      if (this.#adapts && !this.#adapted.has(instance)) this.#adapt(instance);
      prepare?.(instance as never);
    } catch (error) {
      this.#failed(error, "an instance cannot be prepared");
    }
  }

  #adapt(instance: object): void {
    const { adapt, final } = this.roles;
    this.#adapted.add(instance);
    adapt?.(instance as never, this.replacements.replace);
    if (final) this.replacements.replace(instance, "_final", (original) => finalOf(this, instance, original()));
  }

  /** Whether a flush may run on a view of the instance: not of a foreign object, nor of a subclass of the app's own with `#private` fields. */
  canView(instance: object): boolean {
    if (this.roles.view !== true || !sendersOf(this.roles).some((name) => name in instance)) return false;
    return !hasPrivateFields((Object.getPrototypeOf(instance) as object | null) ?? instance);
  }

  /** Whether a flush of the instance may run code of the app's own; undefined where nothing tells. */
  callsOut(instance: object): boolean | undefined {
    const flush = this.roles.callsOut?.flush;
    return typeof flush === "function"
      ? this.attempt(() => flush(instance as never), "what a flush calls is not told")
      : flush;
  }

  /** Settles when the records of an owner that have given a promise have settled, or after a while. */
  async recordsSettled(guard: Guard): Promise<void> {
    if (guard.recording === 0 || this.#recordsOutliveFlushes) return;
    await settledWithin(Math.min(RECORDS_MS, this.limits.flushTimeoutMs), guard.recorded());
    if (guard.recording > 0) this.#recordsOutliveFlushes = true;
  }

  /** Notes whether an owner has something in flight or held. */
  setActive(guard: Guard, active: boolean): void {
    if (active === activeGuards.has(guard)) return;
    this.#activeOwners += active ? 1 : -1;
    if (active) {
      activeGuards.add(guard);
      hearOn();
    } else activeGuards.delete(guard);
    if (this.#activeOwners > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** Whether nothing is in flight or held. */
  get idle(): boolean {
    return this.#activeOwners === 0;
  }

  /** Settles when nothing is in flight or held any more. */
  whenIdle(): Promise<void> {
    return this.idle ? NativePromise.resolve() : new NativePromise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** A record of an instance has added to a field from which no flush in flight keeps records. */
  keepsTooLittle(instance: object): void {
    // Its owner may be another class's too, which has its guard.
    const guards = new Set([this.existingGuardOf(instance), ...this.#activeGuards]);
    for (const guard of guards) if (guard?.exclusive?.isOver === false) guard.release();
  }

  /** Keeps nothing back any more, of any owner: what waits is made, and whoever waits goes on. */
  release(): void {
    for (const guard of this.#activeGuards) guard.letGo();
  }

  /** Those of its owners that have something in flight or held. */
  get #activeGuards(): Guard[] {
    return [...activeGuards].filter(({ guarded }) => guarded === this);
  }

  /** Notes which of an instance's buffers are empty now. */
  lookForEmpty(instance: object): void {
    this.seenEmpty.look(this.ownerOf(instance));
  }

  /** Says once what of it cannot be guarded as declared. */
  tell(reason: string, level: "info" | "warn" = "info"): void {
    if (this.reasons.has(reason)) return;
    this.reasons.add(reason);
    log[level](`${this.name}: ${reason}`);
  }

  /** The same of what only a target of the app's own can have wrong: it may be otherwise in another version of a known client. */
  tellOwn(reason: string): void {
    this.tell(reason, this.isOwn ? "warn" : "info");
  }

  /**
   * Calls what a target has given, and lets no error of it reach the app.
   * @returns undefined where it threw: the one call or instance is then left as it is
   */
  attempt<T>(call: () => T, what: string): T | undefined {
    try {
      return call();
    } catch (error) {
      this.#failed(error, what);
      return undefined;
    }
  }

  #failed(error: unknown, what: string): void {
    this.counters.errors++;
    this.tell(`${what}: ${reasonOf(error)}; the client runs as it is there`, "warn");
  }
}
