import type { Target } from "../target.js";
import { found } from "./found.js";
import { didYouMean } from "./nearest.js";

/** A field's type: what it is called, what passes, and the copy that is kept. */
interface Field {
  expected: string;
  accepts(value: unknown): boolean;
  copy?(value: never): unknown;
}

type Fields = Readonly<Record<string, Field>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value: unknown): boolean => typeof value === "function";
const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);

/** Replacing these changes what the class is. */
const isName = (value: unknown): boolean =>
  matches(/^\S+$/)(value) && value !== "constructor" && value !== "prototype" && value !== "__proto__";
const isPath = (value: unknown): boolean => typeof value === "string" && value.split(".").every(isName);
const isFactory = (value: unknown): boolean =>
  typeof value === "string" && value.split("#").length <= 2 && value.split("#").every(isPath);
const isFile = (value: unknown): boolean =>
  matches(/^[^/\\]/)(value) && !(value as string).split("/").includes("..") && (value as string).trim() !== "";

const text: Field = { expected: "a string", accepts: matches(/\S/) };
const flag: Field = { expected: "true or false", accepts: (value) => typeof value === "boolean" };
const methods: Field = {
  expected: "a list of method names",
  accepts: (value) => Array.isArray(value) && value.every(isName),
  copy: (value: readonly string[]) => Object.freeze([...new Set(value)]),
};

const MERGE_RULES: readonly unknown[] = ["sum", "last", "append"];

function isBufferRule(value: unknown): boolean {
  if (!isObject(value)) return MERGE_RULES.includes(value);
  const { fresh, merge, count, readMark } = value;
  const optional = [count, readMark].filter((given) => given !== undefined);
  return [fresh, merge, ...optional].every((given) => isFunction(given));
}

const buffers: Field = {
  expected: 'an object that gives each field "sum", "last" or "append"',
  accepts: (value) => isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isBufferRule),
  copy: (value: object) => Object.freeze(Object.fromEntries(Object.entries(value))),
};

const transport: Field = {
  expected: "an object with the name of a method",
  accepts: (value) =>
    isObject(value) &&
    isName(value.method) &&
    (value.failed === undefined || isFunction(value.failed)) &&
    (value.abortedBy === undefined || methods.accepts(value.abortedBy)),
  copy: (value: object) => Object.freeze({ ...value }),
};

const ROLES = ["record", "flush", "send", "close", "use"] as const;

const FIELDS: Fields & Record<keyof Target, Field> = {
  module: { expected: "a package name", accepts: matches(/^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/) },
  versions: { ...text, expected: "a semver range" },
  file: {
    expected: "a path inside the package",
    accepts: isFile,
    copy: (value: string) => value.replace(/^(?:\.\/)+/, ""),
  },
  export: { expected: "the name of an export", accepts: isPath },
  factory: { expected: "the name of a function or Class#method", accepts: isFactory },
  part: { expected: "a property path", accepts: isPath },
  unaffected: { ...text, expected: "a semver range" },
  fixedIn: { ...text, expected: "a version" },
  record: methods,
  flush: methods,
  send: methods,
  close: methods,
  use: methods,
  owner: { expected: "a property path", accepts: isPath },
  buffers,
  detaches: flag,
  callsOut: {
    expected: "true or false",
    accepts: (value) => typeof value === "boolean" || typeof value === "function",
  },
  callbackAt: {
    expected: "the position of an argument, 0 or more",
    accepts: (value) => Number.isInteger(value) && (value as number) >= 0,
  },
  flushBeforeClose: flag,
  recordsCallOut: flag,
  synchronous: flag,
  transport,
  onFailure: {
    expected: '"leave" or "merge back"',
    accepts: (value) => value === "leave" || value === "merge back",
  },
  returns: {
    expected: '"nothing", "this" or "promise"',
    accepts: (value) => value === "nothing" || value === "this" || value === "promise",
  },
  prepare: { expected: "a function", accepts: isFunction },
  drain: { expected: "a function", accepts: isFunction },
  pending: { expected: "a function", accepts: isFunction },
};

/** A method with two roles would be wrapped twice. */
function repeatedMethods(target: Target): string[] {
  const seen = new Map<string, string>();
  const repeated: string[] = [];
  for (const role of ROLES) {
    for (const method of target[role] ?? []) {
      const first = seen.get(method);
      if (first === undefined) seen.set(method, role);
      else
        repeated.push(`${role}: found ${found(method)}, which is in ${first} too, expected one role for each method`);
    }
  }
  return repeated;
}

function wrongOnFailure({ onFailure, buffers, prepare, transport }: Target): string[] {
  if (onFailure === "merge back" && buffers === undefined && prepare === undefined) {
    return ['onFailure: found "merge back", expected buffers to merge it into'];
  }
  if (onFailure !== "merge back" && transport?.failed !== undefined) {
    return [`onFailure: found ${found(onFailure)}, expected "merge back" beside transport.failed`];
  }
  return [];
}

/**
 * Checks the declaration of a target, from JSON or from code.
 * @param value the declaration
 * @param where what the problem lines begin with
 * @returns a frozen copy of it, unless a field is wrong, and a line for each wrong field or unknown key. Never throws
 * for a value made of plain data
 */
export function validateTarget(value: unknown, where: string): { target?: Target; problems: string[] } {
  if (!isObject(value)) {
    return { problems: [`${where}: found ${found(value)}, expected an object; this target is left out`] };
  }
  const ignored: string[] = [];
  const wrong: string[] = [];
  const entries: [string, unknown][] = [];
  for (const [key, given] of Object.entries(value)) {
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
    if (field === undefined) {
      ignored.push(
        `${where}.${key}: found an unknown key, expected a key of a target${didYouMean(key, Object.keys(FIELDS))}; it is ignored`,
      );
    } else if (given === undefined) {
      // The same as an absent key, for declarations put together in code.
    } else if (field.accepts(given)) {
      entries.push([key, field.copy === undefined ? given : field.copy(given as never)]);
    } else {
      wrong.push(`${key}: found ${found(given)}, expected ${field.expected}`);
    }
  }
  const target = Object.fromEntries(entries) as unknown as Target;
  if (value.module === undefined) wrong.push("module: found nothing, expected a package name");
  const senders = (target.flush?.length ?? 0) + (target.send?.length ?? 0);
  if (senders === 0 && !wrong.some((line) => /^(?:flush|send):/.test(line))) {
    wrong.push("flush: found no method here or in send, expected at least one");
  }
  wrong.push(...repeatedMethods(target), ...wrongOnFailure(target));
  const problems = [...wrong.map((line) => `${where}.${line}; this target is left out`), ...ignored];
  return wrong.length === 0 ? { target: Object.freeze(target), problems } : { problems };
}
