import type { MergeRule } from "../target.js";

type Dictionary = Record<PropertyKey, unknown>;

/**
 * Makes an empty buffer of the same shape.
 * @throws {TypeError} where the shape is not one that a merge rule can handle
 */
export function emptyLike(buffer: unknown): unknown {
  // Made by the first record, or taken away by the last flush.
  if (buffer === undefined || buffer === null) return buffer;
  if (Array.isArray(buffer)) return [];
  if (buffer instanceof Map) return new Map();
  if (buffer instanceof Set) return new Set();
  if (typeof buffer === "string") return "";
  if (typeof buffer === "number") return 0;
  if (isDictionary(buffer)) return Object.create(Object.getPrototypeOf(buffer));
  throw new TypeError(`a buffer that is ${describe(buffer)} needs a rule of its own`);
}

/**
 * Joins what a flush left of the older buffer with what was recorded into the newer one.
 * @returns the buffer to go on with: `live` itself where nothing was left
 * @throws {TypeError} where the rule does not fit what is in them
 */
export function merge(rule: MergeRule, live: unknown, left: unknown): unknown {
  if (isEmpty(left)) return live;
  if (live === undefined || live === null || (isEmpty(live) && sameShape(live, left))) return left;
  const merged = combine(rule, live, left);
  if (merged === live && rule !== "last") {
    throw new TypeError(`${describe(left)} and ${describe(live)} cannot be joined by "${rule}"`);
  }
  return merged;
}

/** Whether nothing is in a buffer of a known shape. What is of no known shape is never empty. */
function isEmpty(buffer: unknown): boolean {
  if (buffer === undefined || buffer === null || buffer === "" || buffer === 0) return true;
  if (Array.isArray(buffer)) return buffer.length === 0;
  if (buffer instanceof Map || buffer instanceof Set) return buffer.size === 0;
  return isDictionary(buffer) && Reflect.ownKeys(buffer).length === 0;
}

function combine(rule: MergeRule, live: unknown, left: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(left)) return rule === "last" ? live : [...left, ...live];
  if (live instanceof Map && left instanceof Map) return combineMaps(rule, live, left);
  if (live instanceof Set && left instanceof Set) return new Set([...left, ...live]);
  if (isDictionary(live) && isDictionary(left)) return combineDictionaries(rule, live, left);
  if (rule === "sum" && typeof live === "number" && typeof left === "number") return left + live;
  if (rule === "append" && typeof live === "string" && typeof left === "string") return left + live;
  return live;
}

function combineMaps(rule: MergeRule, live: Map<unknown, unknown>, left: Map<unknown, unknown>): Map<unknown, unknown> {
  const merged = new Map(left);
  for (const [key, value] of live) merged.set(key, merged.has(key) ? combine(rule, value, merged.get(key)) : value);
  return merged;
}

function combineDictionaries(rule: MergeRule, live: Dictionary, left: Dictionary): Dictionary {
  const merged: Dictionary = Object.create(Object.getPrototypeOf(live));
  // Defined, not assigned: "__proto__" is a name like any other.
  const define = (key: PropertyKey, value: unknown): unknown =>
    Object.defineProperty(merged, key, { value, writable: true, enumerable: true, configurable: true });
  for (const key of Reflect.ownKeys(left)) define(key, left[key]);
  for (const key of Reflect.ownKeys(live)) {
    define(key, Object.hasOwn(left, key) ? combine(rule, live[key], left[key]) : live[key]);
  }
  return merged;
}

function sameShape(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && Object.getPrototypeOf(Object(a)) === Object.getPrototypeOf(Object(b));
}

function isDictionary(value: unknown): value is Dictionary {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `a ${value.constructor?.name ?? "object"}`;
}
