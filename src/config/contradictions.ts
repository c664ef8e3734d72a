import { type Roles, strategyOf, type Target } from "../target.js";
import { beginsFrom, overlap } from "./ranges.js";
import { shown } from "./shown.js";
import { ROLE_FIELDS } from "./target-fields.js";

const METHODS = ["record", "flush", "send", "close", "use"] as const;

/** A key that has no effect beside the others, and what it would need. */
type Needed = [key: string, value: unknown, expected: string];

/** A method with two roles would be wrapped twice. */
function repeatedMethods(roles: Roles): Needed[] {
  const seen = new Map<string, string>();
  const repeated: Needed[] = [];
  const note = (role: string, methods: readonly string[] = []): void => {
    for (const method of methods) {
      const first = seen.get(method) ?? role;
      seen.set(method, first);
      if (first !== role) repeated.push([role, method, `one role for each method: it is in ${first} too`]);
    }
  };
  for (const role of METHODS) note(role, roles[role]);
  note("ends.abortedBy", roles.ends?.abortedBy);
  return repeated;
}

function neededForBuffers({ batch, buffers, view, flush, ends = {} }: Roles): Needed[] {
  const needed: Needed[] = [];
  if (batch === "swap" && buffers === undefined) needed.push(["batch", batch, "buffers beside it"]);
  if (batch !== undefined && batch !== "swap" && buffers !== undefined) {
    needed.push(["batch", batch, '"swap" beside buffers']);
  }
  if (view === true && buffers === undefined) needed.push(["view", view, "buffers beside it"]);
  const { method, failed, abortedBy } = ends;
  if (method !== undefined && view !== true) needed.push(["ends.method", method, "view beside it"]);
  if (method !== undefined && flush?.includes(method)) {
    needed.push(["ends.method", method, "a method that a flush calls: it is in flush itself"]);
  }
  for (const [key, value] of Object.entries({ failed, abortedBy })) {
    if (value !== undefined && method === undefined) needed.push([`ends.${key}`, value, "ends.method beside it"]);
  }
  return needed;
}

/** What tells of flushes, of records or of closes, where there are none that it could tell of. */
function neededMethods({
  record,
  flush,
  send,
  close,
  buffers,
  ends,
  callsOut,
  callersPromise,
  drains,
  beforeClose,
  final,
  returns,
}: Roles): Needed[] {
  const missing = (methods: readonly string[] | undefined): boolean => methods === undefined || methods.length === 0;
  const needed: Needed[] = [];
  const ofFlushes = { buffers, ends, callersPromise, "callsOut.flush": callsOut?.flush };
  const ofRecords = { "callsOut.record": callsOut?.record, returns };
  for (const [key, value] of Object.entries(ofFlushes)) {
    if (value !== undefined && missing(flush)) needed.push([key, value, "a flush beside it"]);
  }
  for (const [key, value] of Object.entries(ofRecords)) {
    if (value !== undefined && missing(record)) needed.push([key, value, "a record beside it"]);
  }
  if (final !== undefined && missing(record) && missing(send))
    needed.push(["final", final, "a record or a send beside it"]);
  if (beforeClose !== undefined && missing(close) && missing(flush))
    needed.push(["beforeClose", beforeClose, "a flush or a close beside it"]);
  if (drains === true && [flush, send, close].some(missing)) {
    needed.push(["drains", drains, "a flush, a send and a close beside it"]);
  }
  return needed;
}

/** What only some strategies look at. */
function neededStrategy(roles: Roles): Needed[] {
  const { ends, callsOut, callersPromise, returns, view } = roles;
  const strategy = strategyOf(roles);
  const needed: Needed[] = [];
  if (ends?.callback !== undefined && strategy === "on the stack") {
    needed.push(["ends.callback", ends.callback, 'a batch that is not "on the stack"']);
  }
  if (callersPromise === true && strategy === "on the stack") {
    needed.push(["callersPromise", callersPromise, 'a batch that is not "on the stack"']);
  }
  if (returns !== undefined && strategy === "detached") {
    needed.push(["returns", returns, 'a batch that is not "detached"']);
  }
  if (returns !== undefined && view === true) needed.push(["returns", returns, "no view beside it"]);
  if (callsOut?.record !== undefined && strategy !== "hold" && strategy !== "on the stack") {
    needed.push(["callsOut.record", callsOut.record, '"hold" or "on the stack" as batch']);
  }
  return needed;
}

/** The roles are those of the client that it is like. */
function neededForLike({ like, ...target }: Partial<Target>): Needed[] {
  if (like === undefined) return [];
  return Object.entries(target).flatMap(([key, value]): Needed[] =>
    Object.hasOwn(ROLE_FIELDS, key) ? [[key, value, "no like beside it"]] : [],
  );
}

function neededForVersions({ versions, unaffected, fixedIn }: Partial<Target>): Needed[] {
  if (versions === undefined) return unaffected === undefined ? [] : [["unaffected", unaffected, "versions beside it"]];
  const needed: Needed[] = [];
  if (unaffected !== undefined && overlap(versions, unaffected)) {
    needed.push(["unaffected", unaffected, `none of the versions ${shown(versions)}`]);
  }
  if (fixedIn !== undefined && beginsFrom(versions, fixedIn)) {
    needed.push(["fixedIn", fixedIn, `one after the lowest of the versions ${shown(versions)}`]);
  }
  return needed;
}

function neededForPlace({ export: exported, factory, part }: Partial<Target>): Needed[] {
  const needed: Needed[] = [];
  if (exported !== undefined && factory !== undefined) needed.push(["export", exported, "either it or factory"]);
  if (part !== undefined && factory === undefined) needed.push(["part", part, "factory beside it"]);
  return needed;
}

/** A line for each key that contradicts another or has no effect beside the others. */
export function contradictionsIn(target: Partial<Target>): string[] {
  const needed = [
    ...repeatedMethods(target),
    ...neededForBuffers(target),
    ...neededMethods(target),
    ...neededStrategy(target),
    ...neededForVersions(target),
    ...neededForPlace(target),
    ...neededForLike(target),
  ];
  return needed.map(([key, value, expected]) => `${key}: found ${shown(value)}, expected ${expected}`);
}
