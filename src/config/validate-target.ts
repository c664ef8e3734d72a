import type { Roles, Target } from "../target.js";
import { contradictionsIn } from "./contradictions.js";
import { didYouMean } from "./nearest.js";
import { shown } from "./shown.js";
import { type Fields, isObject, ROLE_FIELDS, TARGET_FIELDS } from "./target-fields.js";

/** What came of a declaration, with a line for each key that is wrong and for each that is ignored. */
interface Read {
  entries: Record<string, unknown>;
  wrong: string[];
  ignored: string[];
}

/**
 * @param at path of the object inside the declaration, with a dot, or `""`
 * @param kind what its keys are keys of
 */
function read(value: Record<string, unknown>, fields: Fields, at: string, kind: string): Read {
  const wrong: string[] = [];
  const ignored: string[] = [];
  const entries: [string, unknown][] = [];
  for (const [key, given] of Object.entries(value)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) {
      const meant = didYouMean(key, Object.keys(fields));
      ignored.push(`${at}${key}: found an unknown key, expected a key of ${kind}${meant}; it is ignored`);
    } else if (given === undefined) {
      // The same as an absent key, for declarations put together in code.
    } else if (!field.accepts(given)) {
      wrong.push(`${at}${key}: found ${shown(given)}, expected ${field.expected}`);
    } else if (field.parts !== undefined) {
      const part = read(given as Record<string, unknown>, field.parts, `${at}${key}.`, `${at}${key}`);
      wrong.push(...part.wrong);
      ignored.push(...part.ignored);
      entries.push([key, Object.freeze(part.entries)]);
    } else {
      entries.push([key, field.copy === undefined ? given : field.copy(given as never)]);
    }
  }
  return { entries: Object.fromEntries(entries), wrong, ignored };
}

/** A frozen copy of a declaration, unless a field is wrong, and a line for each wrong field or unknown key. */
interface Checked<T> {
  target?: T;
  problems: string[];
}

/** A line for each list of a target that has nothing in it. */
export function emptyLists(target: object, where: string): string[] {
  return Object.entries(target).flatMap(([key, value]) => {
    if (isObject(value)) return emptyLists(value, `${where}.${key}`);
    const isEmpty = Array.isArray(value) && value.length === 0;
    return isEmpty ? [`${where}.${key}: found [], expected the name of a method at least; it is ignored`] : [];
  });
}

function validate<T extends Roles>(value: unknown, where: string, fields: Fields, kind: string): Checked<T> {
  const out = "this target is left out";
  if (!isObject(value)) return { problems: [`${where}: found ${shown(value)}, expected an object; ${out}`] };
  const { entries, wrong, ignored } = read(value, fields, "", kind);
  if (Object.hasOwn(fields, "module") && value.module === undefined) {
    wrong.push("module: found nothing, expected a package name");
  }
  const { flush = [], send = [], record = [], owner, like } = entries as Roles & { like?: string };
  const recordsElsewhere = record.length > 0 && owner !== undefined;
  if (
    like === undefined &&
    flush.length + send.length === 0 &&
    !recordsElsewhere &&
    !wrong.some((line) => /^(?:flush|send):/.test(line))
  ) {
    wrong.push("flush: found no method here or in send, expected at least one");
  }
  // Of keys that are right by themselves.
  if (wrong.length === 0) wrong.push(...contradictionsIn(entries));
  const problems = [...wrong.map((line) => `${where}.${line}; ${out}`), ...ignored.map((line) => `${where}.${line}`)];
  return wrong.length === 0 ? { target: Object.freeze(entries) as T, problems } : { problems };
}

/**
 * Checks the declaration of a target, from JSON or from code. Never throws for a value made of plain data.
 * @param value the declaration
 * @param where what the problem lines begin with
 */
export function validateTarget(value: unknown, where: string): Checked<Target> {
  return validate(value, where, TARGET_FIELDS, "a target");
}

/** Checks the roles of a class or an instance that is at hand, as `validateTarget` does. */
export function validateRoles(value: unknown, where: string): Checked<Roles> {
  return validate(value, where, ROLE_FIELDS, "Roles");
}
