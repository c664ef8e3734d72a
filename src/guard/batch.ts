import type { BufferRule, MergeRule, Transport } from "../target.js";
import { withCallback } from "./callback-argument.js";
import type { Callbacks } from "./callbacks.js";
import { recordsIn } from "./count.js";
import type { Method } from "./guarded-class.js";
import { emptyLike, merge } from "./merge.js";
import { isPromise } from "./promises.js";
import { type View, viewOf } from "./view.js";

type Fields = Record<string, unknown>;

/** Records in the two buffers of a flush, where their rules tell. */
export interface BatchCount {
  /** In the one that took what was recorded meanwhile. */
  live: number | undefined;
  /** Left of the detached one. */
  left: number | undefined;
}

/** A buffer detached for one flush, and the instance as that flush must see it. */
export class Batch {
  readonly #owner: Fields;
  readonly #rules: readonly (readonly [string, MergeRule | BufferRule])[];
  readonly #views: View[] = [];
  readonly #detached = new Map<PropertyKey, unknown>();
  #ended = false;
  /** `this` of the original flush. */
  readonly view: object;

  /**
   * Detaches the declared fields and gives the owner fresh ones.
   * @param records methods of the instance that add to the live buffer, also when the flush itself calls them
   * @throws {TypeError} where a field cannot be detached; nothing has changed then
   */
  constructor(
    instance: object,
    owner: object,
    path: readonly string[],
    rules: readonly (readonly [string, MergeRule | BufferRule])[],
    records: readonly string[],
  ) {
    this.#owner = owner as Fields;
    this.#rules = rules;
    const fresh = new Map<string, unknown>();
    for (const [field, rule] of rules) {
      const current = detachable(this.#owner, field);
      this.#detached.set(field, current);
      fresh.set(field, typeof rule === "object" ? rule.fresh(current as never, instance as never) : emptyLike(current));
    }
    this.view = this.#viewFrom(instance, path);
    for (const name of records) this.#recordLive(instance, name);
    for (const [field, value] of fresh) this.#owner[field] = value;
  }

  /** Lets the transport's callback and its results tell how the flush ends. */
  watch(
    transport: Transport,
    instance: object,
    callbacks: Callbacks,
    broken: (error: unknown, where: string) => void,
  ): void {
    const original = (instance as Fields)[transport.method];
    if (typeof original !== "function") return;
    const { method } = transport;
    const failed = (result: unknown): boolean => {
      try {
        return transport.failed?.(result as never) === true;
      } catch (error) {
        broken(error, `what ${method} gave cannot be judged`);
        return false;
      }
    };
    const accept = (result: unknown): unknown => {
      if (failed(result)) throw new Error(`flushguard: ${method} did not deliver the batch`);
      return result;
    };
    this.#views[0]?.replaced.set(method, (...args: unknown[]) => {
      const passed = withCallback(args, callbacks, () => !this.#ended);
      const result: unknown = Reflect.apply(original as Method, instance, passed);
      return isPromise(result) && transport.failed !== undefined ? result.then(accept) : result;
    });
  }

  /**
   * Ends the detachment: what the flush left goes back to the live buffer, and the view is the instance again.
   * @returns whether anything was left
   */
  mergeBack(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    const rest = this.#rules.map(([field]) => this.#detached.get(field));
    for (const view of this.#views) view.replaced.clear();
    let left = false;
    for (const [index, [field, rule]] of this.#rules.entries()) {
      if (rest[index] === undefined || rest[index] === null) continue;
      if (this.#mergeField(field, rule, rest[index])) left = true;
    }
    return left;
  }

  /** What a `mergeBack` now would find. */
  count(): BatchCount {
    const sum = (bufferOf: (field: string) => unknown): number | undefined =>
      this.#rules.reduce<number | undefined>((total, [field, rule]) => {
        const records = recordsIn(rule, bufferOf(field));
        return total === undefined || records === undefined ? undefined : total + records;
      }, 0);
    return { live: sum((field) => this.#owner[field]), left: sum((field) => this.#detached.get(field)) };
  }

  #recordLive(instance: object, name: string): void {
    if (typeof (instance as Fields)[name] !== "function") return;
    this.#views[0]?.replaced.set(name, (...args: unknown[]) => {
      const result = Reflect.apply((instance as Record<string, Method>)[name] as Method, instance, args);
      return result === instance ? this.view : result;
    });
  }

  #mergeField(field: string, rule: MergeRule | BufferRule, left: unknown): boolean {
    const live = this.#owner[field];
    if (typeof rule === "object") return rule.merge(live as never, left as never);
    const merged = merge(rule, live, left);
    if (merged === live) return false;
    this.#owner[field] = merged;
    return true;
  }

  #viewFrom(object: object, path: readonly string[]): object {
    const [key, ...rest] = path;
    // The map of the owner's view is the batch itself: the flush reads and resets its fields there.
    const view = viewOf(object, key === undefined ? this.#detached : new Map());
    this.#views.push(view);
    if (key !== undefined)
      view.replaced.set(key, this.#viewFrom((object as Record<string, object>)[key] as object, rest));
    return view.proxy;
  }
}

function detachable(owner: Fields, field: string): unknown {
  const property = Object.getOwnPropertyDescriptor(owner, field);
  if (property === undefined) throw new TypeError(`it has no field "${field}"`);
  if (!property.writable) throw new TypeError(`its field "${field}" cannot be written`);
  return property.value;
}
