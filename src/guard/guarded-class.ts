import { log } from "../log.js";
import type { Replace, Roles } from "../target.js";
import { type Counters, newCounters } from "../telemetry/counters.js";
import { activeGuards } from "./exit.js";
import { Guard } from "./guard.js";
import { KnownInstances } from "./known-instances.js";
import { ownerOf } from "./owner.js";
import { Owners, sharedOwners } from "./owners.js";
import { hasPrivateFields } from "./private-fields.js";
import { Replacements } from "./replacements.js";
import { sendersOf } from "./senders.js";
import { unview } from "./view.js";

export type Method = (this: unknown, ...args: unknown[]) => unknown;

export interface Limits {
  /** A flush in flight for longer loses the lock. Milliseconds. */
  flushTimeoutMs: number;
  /** Record calls held for one lock owner; one more releases the lock. */
  maxHeld: number;
}

/** What the wrapped methods of one patched class share. */
export class GuardedClass {
  readonly counters: Counters = newCounters();
  readonly path: readonly string[];
  readonly rules: readonly (readonly [string, NonNullable<Roles["buffers"]>[string]])[];
  readonly owners: Owners;
  /** Those whose flush, send or close was called; each, where drains are asked for. */
  readonly known = new KnownInstances();
  /** What `prepare` has replaced on instances. */
  readonly replacements = new Replacements();
  /** Off, every wrapped method is the original. */
  enabled = true;
  /** About to be switched off: nothing new is guarded, what is in flight is still waited for. */
  stopping = false;
  #activeOwners = 0;
  readonly #idleWaiters: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly roles: Roles,
    readonly limits: Limits,
  ) {
    this.path = roles.owner === undefined ? [] : roles.owner.split(".");
    // A parent class that is guarded too has a lock of its own: its methods run inside those of the subclass.
    this.owners = this.path.length === 0 ? new Owners() : sharedOwners;
    this.rules = Object.entries(roles.buffers ?? {});
  }

  /** Record calls are held while a flush is in flight; the other strategies swap the buffer or need neither. */
  get holds(): boolean {
    return this.rules.length === 0 && this.roles.detaches !== true;
  }

  /** Whether the running code was called by a record that may not have stored its value yet. */
  get insideRecord(): boolean {
    return this.roles.recordsCallOut === true && this.owners.onStack;
  }

  /** The guard of the instance's lock owner. */
  guardOf(instance: object): Guard {
    this.known.add(instance);
    const owner = ownerOf(instance, this.path);
    let guard = this.owners.guards.get(owner);
    if (guard === undefined) {
      guard = new Guard(this, owner);
      this.owners.guards.set(owner, guard);
    }
    return guard;
  }

  /** The guard of the instance's lock owner, if a flush has ever needed one. */
  existingGuardOf(instance: object): Guard | undefined {
    return this.owners.guards.get(ownerOf(instance, this.path));
  }

  /** Lets go of a guard that has nothing in flight or held. */
  forget(guard: Guard, owner: object): void {
    if (this.owners.guards.get(owner) === guard) this.owners.guards.delete(owner);
  }

  /** The instance a wrapped method was called on, or undefined where the guard has nothing to say. */
  instanceOf(receiver: unknown): object | undefined {
    return this.enabled && typeof receiver === "object" && receiver !== null ? unview(receiver) : undefined;
  }

  /** Brings an instance's copy of shared state up to date. */
  prepare(receiver: unknown): void {
    const instance = this.instanceOf(receiver);
    if (instance === undefined) return;
    try {
      this.roles.prepare?.(instance as never, this.replacements.replace as Replace);
    } catch (error) {
      this.fail(error, "an instance cannot be prepared");
    }
  }

  /** Whether its buffer can be swapped: not that of a foreign object, nor of a subclass of the app's own with `#private` fields. */
  canSwap(instance: object): boolean {
    const isClient = sendersOf(this.roles).some((name) => name in instance);
    return isClient && !hasPrivateFields((Object.getPrototypeOf(instance) as object | null) ?? instance);
  }

  /** Whether a flush of the instance may run code of the app's own that waits for another flush. */
  callsOut(instance: object): boolean {
    const { callsOut = true } = this.roles;
    if (typeof callsOut === "boolean") return callsOut;
    try {
      return callsOut(instance as never);
    } catch (error) {
      this.fail(error, "whether it calls out cannot be told");
      return true;
    }
  }

  /** Notes whether an owner has something in flight or held. */
  setActive(guard: Guard, active: boolean): void {
    if (active === activeGuards.has(guard)) return;
    this.#activeOwners += active ? 1 : -1;
    if (active) activeGuards.add(guard);
    else activeGuards.delete(guard);
    if (this.#activeOwners > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** Whether nothing is in flight or held. */
  get idle(): boolean {
    return this.#activeOwners === 0;
  }

  /** Settles when nothing is in flight or held any more. */
  whenIdle(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** An error of the guard's own: from here on the originals run. */
  fail(error: unknown, where: string): void {
    this.counters.errors++;
    if (!this.enabled) return;
    this.enabled = false;
    const what = error instanceof Error ? error.message : String(error);
    log.error(`${this.name}: ${where}: ${what}; its guard is off, the client runs as it is`);
    const guards = [...activeGuards];
    for (const guard of guards) if (guard.guarded === this) guard.replayNow();
  }
}
