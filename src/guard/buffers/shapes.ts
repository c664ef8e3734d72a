import type { BufferRule, MergeRule } from "../../target.js";

type Dictionary = Record<PropertyKey, unknown>;
/** The buffers of a class, by their fields. */
export type Rules = readonly (readonly [string, MergeRule | BufferRule])[];

/** No more than this of an array is searched for holes and further properties, or of a dictionary for accessors. */
const SEARCHED = 1024;

/**
 * Whether a buffer is one that another can be made beside and joined with it afterwards: an array, Map, Set or dictionary, of
 * no class of its own or of one that adds nothing, a string, a number. What has a shape of its own, or values that a rule
 * cannot add up, is not.
 */
export function isExact(rule: MergeRule, buffer: unknown): boolean {
  if (typeof buffer === "string") return rule === "append";
  if (typeof buffer === "number") return rule === "sum";
  if (Array.isArray(buffer)) {
    return isOf(buffer, Array) && (buffer.length > SEARCHED || Reflect.ownKeys(buffer).length === buffer.length + 1);
  }
  if (isOf(buffer, Map)) {
    return Reflect.ownKeys(buffer).length === 0 && every(rule, buffer.values());
  }
  if (isOf(buffer, Set)) return Reflect.ownKeys(buffer).length === 0;
  return isDictionary(buffer) && every(rule, valuesOf(buffer));
}

/** Whether it is an object with records in it, and no record itself. */
export function isContainer(buffer: unknown): buffer is object {
  return typeof buffer === "object" && buffer !== null;
}

/** How much is in a buffer; 0 for none at all. */
export function sizeOf(buffer: unknown): number {
  if (typeof buffer === "number") return Math.abs(buffer);
  if (typeof buffer === "string" || Array.isArray(buffer)) return buffer.length;
  if (buffer instanceof Map || buffer instanceof Set) return buffer.size;
  return isContainer(buffer) ? Reflect.ownKeys(buffer).length : 0;
}

/** The same of what could be a buffer by its kind, an array, Map or Set of a class of its own among them; undefined of all else. */
export function extentOf(value: unknown): number | undefined {
  const isBuffer = Array.isArray(value) || value instanceof Map || value instanceof Set || isDictionary(value);
  return isBuffer ? sizeOf(value) : undefined;
}

/** The same, with what a dictionary of a fixed shape has under its keys, and of strings, numbers and flags too. */
export function weightOf(value: unknown): number | undefined {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number" || typeof value === "string") return sizeOf(value);
  if (!(value instanceof Map) && !isDictionary(value)) return extentOf(value);
  let weight = 0;
  for (const inner of itemsOf(value)) weight += 1 + sizeOf(inner);
  return weight;
}

/**
 * How much a flush has to take out of a buffer before nothing that is recorded goes with its batch. What is recorded under a
 * key goes with what the flush still has in hand of it: of keys it must have taken all, though the keys themselves may stay.
 */
export function amountIn(buffer: unknown): number {
  if (typeof buffer === "boolean") return Number(buffer);
  if (!isContainer(buffer) || Array.isArray(buffer) || buffer instanceof Set) return sizeOf(buffer);
  const values: Iterable<unknown> = buffer instanceof Map ? buffer.values() : valuesOf(buffer);
  for (const value of values) if (!isContainer(value) || sizeOf(value) > 0) return 1;
  return 0;
}

/** One by one: there may be many. */
function* valuesOf(dictionary: object): Iterable<unknown> {
  for (const key in dictionary) if (Object.hasOwn(dictionary, key)) yield (dictionary as Dictionary)[key];
  for (const key of Object.getOwnPropertySymbols(dictionary)) yield (dictionary as Dictionary)[key];
}

/** What is in a buffer, one by one. */
export function itemsOf(buffer: unknown): Iterable<unknown> {
  if (Array.isArray(buffer) || buffer instanceof Map || buffer instanceof Set) return buffer.values();
  return isDictionary(buffer) ? valuesOf(buffer) : [];
}

/** An empty buffer of the same exact shape. */
export function emptyLike(buffer: unknown): unknown {
  if (buffer === undefined || buffer === null) return buffer;
  if (typeof buffer === "string") return "";
  if (typeof buffer === "number") return 0;
  const prototype = Object.getPrototypeOf(buffer) as object | null;
  const empty = Array.isArray(buffer) ? [] : buffer instanceof Map ? new Map() : buffer instanceof Set ? new Set() : {};
  // Its constructor does not run: it adds nothing.
  return Object.getPrototypeOf(empty) === prototype ? empty : Object.setPrototypeOf(empty, prototype);
}

/** What buffers of a kind are like. */
export interface Form {
  /** @returns another, with nothing in it */
  empty(): unknown;
  /** How much is in one. */
  sizeOf(buffer: unknown): number;
  /** How much a flush has to take out of one before nothing that is recorded goes with its batch. */
  amountIn(buffer: unknown): number;
}

/** Of one from which a flush takes whatever is in it. */
export function plainForm(buffer: unknown): Form {
  return { empty: () => emptyLike(buffer), sizeOf, amountIn };
}

/** Of a dictionary in which these names stay, and whose figures go back to 0. */
export function figuresForm(buffer: object, names: readonly string[]): Form {
  const sum = (figures: unknown): number =>
    isDictionary(figures)
      ? Object.values(figures).reduce<number>((all, figure) => all + sizeOf(figure), 0)
      : sizeOf(figures);
  return {
    empty: () => Object.assign(emptyLike(buffer) as object, Object.fromEntries(names.map((name) => [name, 0]))),
    sizeOf: sum,
    amountIn: (figures) => Math.sign(sum(figures)),
  };
}

/** Whether one buffer can be joined to another. */
export function isJoinable(one: unknown, other: unknown): boolean {
  return typeof one === typeof other && Object.getPrototypeOf(Object(one)) === Object.getPrototypeOf(Object(other));
}

/**
 * Adds newer records to the older ones, in place where there is a place, so that whoever holds the buffer sees them.
 * @returns the buffer that has them all: where the older one takes no more, another
 */
export function join(rule: MergeRule, older: unknown, newer: unknown): unknown {
  if (isContainer(older) && !Object.isExtensible(older)) return join(rule, join(rule, emptyLike(older), older), newer);
  if (Array.isArray(older)) {
    for (const record of newer as unknown[]) older.push(record);
    return older;
  }
  if (older instanceof Map) {
    for (const [key, value] of newer as Map<unknown, unknown>) {
      older.set(key, older.has(key) ? combine(rule, older.get(key), value) : value);
    }
    return older;
  }
  if (older instanceof Set) {
    for (const value of newer as Set<unknown>) older.add(value);
    return older;
  }
  if (typeof older !== "object" || older === null) return combine(rule, older, newer);
  for (const key of Reflect.ownKeys(newer as Dictionary)) {
    const value = (newer as Dictionary)[key];
    const joined = Object.hasOwn(older, key) ? combine(rule, (older as Dictionary)[key], value) : value;
    // Defined, not assigned: "__proto__" is a name like any other.
    Object.defineProperty(older, key, { value: joined, writable: true, enumerable: true, configurable: true });
  }
  return older;
}

function combine(rule: MergeRule, older: unknown, newer: unknown): unknown {
  if (rule === "sum") return (older as number) + (newer as number);
  if (rule === "last") return newer;
  if (typeof older === "string") return older + String(newer);
  return join(rule, older, newer);
}

/** Whether a rule can join what is under one key with what comes under it later. */
function every(rule: MergeRule, values: Iterable<unknown>): boolean {
  if (rule === "last") return true;
  for (const value of values) {
    if (rule === "sum" ? typeof value !== "number" : !isAppendable(value)) return false;
  }
  return true;
}

function isAppendable(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && isOf(value, Array));
}

/** Whether it is an instance of this class, or of others between that add no methods. */
function isOf<T extends object>(value: unknown, Class: new () => T): value is T {
  if (!(value instanceof Class)) return false;
  let prototype = Object.getPrototypeOf(value) as object;
  while (prototype !== Class.prototype) {
    if (Reflect.ownKeys(prototype).some((key) => key !== "constructor")) return false;
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  return true;
}

/** Whether it is a plain object whose keys come and go. */
export function isDictionary(value: unknown): value is Dictionary {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  const searched = Reflect.ownKeys(value).slice(0, SEARCHED);
  return searched.every((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    return property?.writable === true && property.enumerable === true && property.configurable === true;
  });
}
