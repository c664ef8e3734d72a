import { didYouMean } from "../../config/did-you-mean.js";
import type { Method } from "../../methods/method.js";
import { isReference, ownerOf } from "../../methods/owner.js";
import { hasPrivateFields } from "../../methods/private-fields.js";
import { isPromise } from "../../methods/promises.js";
import { obstacle } from "../../methods/wrap-method.js";
import { type BufferRule, hasFailed, type MergeRule } from "../../target.js";
import { hazardsAreHeard, publishHazard } from "../../telemetry/channels.js";
import type { FlushTrace } from "../../telemetry/flush-trace.js";
import { withCallback } from "../calls/callback-argument.js";
import type { Callbacks } from "../calls/callbacks.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { recordsInAll } from "./count.js";
import type { SeenEmpty } from "./seen-empty.js";
import { emptyLike, isDictionary, isExact, isJoinable, join, type Rules, sizeOf } from "./shapes.js";
import { type View, viewOf } from "./view.js";

type Fields = Record<string, unknown>;

/**
 * The instance as one flush must see it, and the buffer that is detached for it where it first looks at it: what is recorded
 * until then is a part of its batch, as it is unguarded.
 */
export class ViewedBatch {
  readonly #owner: Fields;
  readonly #rules: Rules;
  readonly #views: View[] = [];
  readonly #detached = new Map<PropertyKey, unknown>();
  #isDetached = false;
  #ended = false;
  #wantsMore = false;
  /** `this` of the original flush. */
  readonly view: object;

  /** @throws {TypeError} where a declared field cannot be detached */
  constructor(
    private readonly guarded: GuardedClass,
    private readonly instance: object,
  ) {
    const { path, rules, roles } = guarded;
    this.#owner = ownerOf(instance, path) as Fields;
    this.#rules = rules;
    for (const [field, rule] of rules) detachable(this.#owner, field, rule, guarded.seenEmpty);
    this.view = this.#viewFrom(instance, path);
    for (const name of roles.record ?? []) this.#recordLive(instance, name);
  }

  /** Whether the flush has looked for more when its batch was empty and something had been recorded meanwhile. */
  get wantsMore(): boolean {
    return this.#wantsMore;
  }

  /** Lets the callback and the results of the method that the flush hands its batch to tell how it ends. */
  watch(callbacks: Callbacks): void {
    const { instance, guarded } = this;
    const { ends = {} } = guarded.roles;
    const { method, failed } = ends;
    const original = method === undefined ? undefined : (instance as Fields)[method];
    if (method === undefined) return;
    if (typeof original !== "function") {
      guarded.tellOwn(`ends.method: ${obstacle(instance, method)}; when a flush ends is not known`);
      return;
    }
    const accept = (result: unknown): unknown => {
      if (typeof failed === "string" && isReference(result) && !(failed in result)) {
        const found = `found "${failed}", expected a property of what "${method}" gives`;
        guarded.tellOwn(
          `ends.failed: ${found}${didYouMean(failed, Object.keys(result))}; what it gives counts as delivered`,
        );
      }
      const refused = guarded.attempt(() => hasFailed(ends, result), `what ${method} gave cannot be judged`);
      if (refused === true) throw new Error(`flushguard: ${method} did not deliver the batch`);
      return result;
    };
    this.#views[0]?.replaced.set(method, (...args: unknown[]) => {
      const passed = withCallback(args, callbacks, () => !this.#ended);
      const result: unknown = Reflect.apply(original as Method, instance, passed);
      return isPromise(result) && failed !== undefined ? result.then(accept) : result;
    });
  }

  /**
   * Ends the detachment: what the flush left goes back to the live buffer, and the view is the instance again.
   * @param trace told of what is kept
   */
  mergeBack(trace: FlushTrace | undefined): void {
    if (this.#ended) return;
    const { name, counters } = this.guarded;
    const heard = trace !== undefined || hazardsAreHeard() ? this.#count() : undefined;
    const isLeft = this.guarded.attempt(() => this.#end(), "what a flush left cannot be merged back") === true;
    if (isLeft) counters.mergedBack++;
    if (heard === undefined) return;
    const { live, left } = heard;
    // What was recorded meanwhile would have been thrown away with what was sent, or what could not be sent with it.
    if (isLeft) publishHazard(name, "failed send", "averted", left ?? 1);
    else publishHazard(name, "lost update", "averted", live ?? 0);
    if (trace === undefined) return;
    if (live !== undefined) trace.message.held = live;
    if (left !== undefined) trace.message.mergedBack = left;
  }

  #touched(key: PropertyKey): void {
    if (this.#ended || !this.#rules.some(([field]) => field === key)) return;
    if (!this.#isDetached) {
      this.#isDetached = true;
      this.guarded.attempt(() => this.#detach(), "its buffer cannot be detached");
    } else if (sizeOf(this.#owner[key as string]) > 0 && sizeOf(this.#detached.get(key)) === 0) {
      this.#wantsMore = true;
    }
  }

  /** Takes the declared fields and gives the owner fresh ones: all of them, or none. */
  #detach(): void {
    const { guarded, instance } = this;
    const taken = this.#rules.map(([field, rule]) => {
      const current = detachable(this.#owner, field, rule, guarded.seenEmpty);
      const fresh = typeof rule === "object" ? rule.fresh(current as never, instance as never) : emptyLike(current);
      return { field, current, fresh };
    });
    for (const { field, current, fresh } of taken) {
      this.#detached.set(field, current);
      this.#owner[field] = fresh;
    }
  }

  /** @returns whether anything was left */
  #end(): boolean {
    this.#ended = true;
    const rest = this.#rules.map(([field]) => this.#detached.get(field));
    for (const view of this.#views) view.end();
    let left = false;
    for (const [index, [field, rule]] of this.#rules.entries()) {
      if (rest[index] === undefined || rest[index] === null) continue;
      if (this.#mergeField(field, rule, rest[index])) left = true;
    }
    return left;
  }

  /** Records in the buffer that took what was recorded meanwhile, and left in the detached one, where the rules tell. */
  #count(): { live: number | undefined; left: number | undefined } {
    if (!this.#isDetached) return { live: 0, left: 0 };
    const sum = (bufferOf: (field: string) => unknown): number | undefined =>
      recordsInAll(this.#rules.map(([field, rule]) => [rule, bufferOf(field)]));
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
    if (sizeOf(left) === 0) return false;
    if (live === undefined || live === null) this.#owner[field] = left;
    else if (isJoinable(left, live)) this.#owner[field] = join(rule, left, live);
    else throw new TypeError(`what is in "${field}" now cannot be joined with what was`);
    return true;
  }

  #viewFrom(object: object, path: readonly string[]): object {
    const [key, ...rest] = path;
    // The map of the owner's view is the batch itself: the flush reads and resets its fields there.
    const view =
      key === undefined ? viewOf(object, this.#detached, (field) => this.#touched(field)) : viewOf(object, new Map());
    this.#views.push(view);
    if (key !== undefined)
      view.replaced.set(key, this.#viewFrom((object as Record<string, object>)[key] as object, rest));
    return view.proxy;
  }
}

/** @returns undefined where the flush must run on the instance itself */
export function detach(guarded: GuardedClass, instance: object): ViewedBatch | undefined {
  if (!guarded.canView(instance)) {
    if (guarded.roles.view === true && hasPrivateFields(instance))
      guarded.tellOwn("view: its class has private fields, which a view lacks; a flush runs on the client itself");
    return undefined;
  }
  return guarded.attempt(() => new ViewedBatch(guarded, instance), "its buffer cannot be detached");
}

function detachable(owner: Fields, field: string, rule: MergeRule | BufferRule, seenEmpty: SeenEmpty): unknown {
  const property = Object.getOwnPropertyDescriptor(owner, field);
  if (property === undefined) throw new TypeError(`it has no field "${field}"`);
  if (!property.writable) throw new TypeError(`its field "${field}" cannot be written`);
  const value: unknown = property.value;
  // Made by the first record, or taken away by the last flush.
  const isThere = value !== undefined && value !== null;
  if (!isThere || typeof rule !== "string") return value;
  if (!isExact(rule, value) || (isDictionary(value) && !seenEmpty.has(field))) {
    throw new TypeError(`its field "${field}" needs a rule of its own`);
  }
  return value;
}
