import type { Roles, Target } from "../target.js";
import { isRange, isVersion } from "./ranges.js";

/** A field's type: what it is called, what passes, the copy that is kept, and the fields of an object. */
export interface Field {
  expected: string;
  /** The same for editors, as JSON Schema. Absent: it cannot be in a file. */
  schema?: object;
  accepts(value: unknown): boolean;
  copy?(value: never): unknown;
  parts?: Fields;
}

export type Fields = Readonly<Record<string, Field>>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value: unknown): boolean => typeof value === "function";
const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);

/** Replacing these changes what the class is. */
const isName = (value: unknown): boolean =>
  matches(/^\S+$/)(value) && value !== "constructor" && value !== "prototype" && value !== "__proto__";
const isPath = (value: unknown): boolean => typeof value === "string" && value.split(".").every(isName);
/** One that is a static field is in the class. */
const isOwner = (value: unknown): boolean =>
  typeof value === "string" && (value === "constructor" || isPath(value.replace(/^constructor\./, "")));
const isFactory = (value: unknown): boolean =>
  typeof value === "string" && value.split("#").length <= 2 && value.split("#").every(isPath);
const isFile = (value: unknown): boolean =>
  matches(/^[^/\\]/)(value) && !(value as string).split("/").includes("..") && (value as string).trim() !== "";

/** `"a", "b" or "c"` */
function anyOf(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].join(" or ");
}

const oneOf = (...words: readonly string[]): Field => ({
  expected: anyOf(words),
  schema: { enum: words },
  accepts: (value) => words.includes(value as string),
});

const objectOf = (parts: Fields): Field => ({
  expected: `an object with ${anyOf(Object.keys(parts))}`,
  accepts: (value) => isObject(value) && Object.keys(value).length > 0,
  parts,
});

const STRING = { type: "string", minLength: 1 };
const text = (expected: string, accepts: Field["accepts"]): Field => ({ expected, accepts, schema: STRING });
const flag: Field = {
  expected: "true or false",
  schema: { type: "boolean" },
  accepts: (value) => typeof value === "boolean",
};
const code: Field = { expected: "a function", accepts: isFunction };
const name = text("the name of a method", isName);
const methods: Field = {
  expected: "a list of method names",
  schema: { type: "array", items: STRING, minItems: 1 },
  accepts: (value) => Array.isArray(value) && Array.from(value).every(isName),
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
  schema: { type: "object", minProperties: 1, propertyNames: STRING, additionalProperties: { enum: MERGE_RULES } },
  accepts: (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every(([field, rule]) => /\S/.test(field) && isBufferRule(rule)),
  copy: (value: object) => Object.freeze(Object.fromEntries(Object.entries(value))),
};

/** The keys that `guard()` takes, which is given the class or instance itself. */
export const ROLE_FIELDS: Fields & Record<keyof Roles, Field> = {
  record: methods,
  flush: methods,
  send: methods,
  close: methods,
  use: methods,
  owner: text("a property path", isOwner),
  batch: oneOf("swap", "hold", "detached", "on the stack"),
  buffers,
  view: flag,
  ends: objectOf({
    callback: {
      expected: "the position of an argument, 0 or more",
      schema: { type: "integer", minimum: 0 },
      accepts: (value) => Number.isInteger(value) && (value as number) >= 0,
    },
    method: name,
    failed: {
      expected: "the name of a property with an HTTP status, or a function",
      schema: STRING,
      accepts: (value) => isFunction(value) || isName(value),
    },
    abortedBy: methods,
  }),
  callsOut: objectOf({
    flush: {
      expected: "true or false",
      schema: { type: "boolean" },
      accepts: (value) => flag.accepts(value) || isFunction(value),
    },
    record: flag,
  }),
  callersPromise: flag,
  drains: flag,
  beforeClose: code,
  final: {
    expected: "true, false or the name of a method",
    schema: { anyOf: [{ type: "boolean" }, STRING] },
    accepts: (value) => flag.accepts(value) || isPath(value) || isFunction(value),
  },
  returns: oneOf("nothing", "this"),
  prepare: code,
  adapt: code,
};

const PACKAGE = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/;

export const TARGET_FIELDS: Fields & Record<keyof Target, Field> = {
  module: text("a package name", matches(PACKAGE)),
  like: text("the name of a client that is built in", matches(PACKAGE)),
  versions: text("a semver range with a version in it", isRange),
  file: {
    expected: "a path inside the package",
    schema: STRING,
    accepts: isFile,
    copy: (value: string) => value.replace(/^(?:\.\/)+/, ""),
  },
  export: text("the name of an export", isPath),
  factory: text("the name of a function or Class#method", isFactory),
  part: text("a property path", isPath),
  unaffected: text("a semver range with a version in it", isRange),
  fixedIn: text("a version", isVersion),
  ...ROLE_FIELDS,
};
