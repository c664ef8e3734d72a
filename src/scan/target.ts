import { validateTarget } from "../config/validate-target.js";
import type { Package } from "../packages/nearest-package.js";
import type { MergeRule, Target } from "../target.js";
import { exportedAs } from "./names.js";
import { isAwaitedMethod } from "./rules/awaited.js";
import { clearedAfterWait } from "./rules/cleared-after-wait.js";
import { finishesEarly } from "./rules/finishes-early.js";
import type { Finding } from "./rules/rule.js";
import { stoppedUnsent } from "./rules/stopped-unsent.js";
import { type Fn, isWithin } from "./source/model.js";
import { ownerId } from "./source/places.js";
import type { Recording, Source } from "./source/source.js";

/** What to paste into the configuration, and what is left to do by hand. */
export interface Proposal {
  target?: Target;
  note?: string;
}

type Draft = { -readonly [key in keyof Target]?: Target[key] };

const CLOSES = /^(?:close|shutdown|stop|end|destroy|dispose)/i;

const isPrivate = (name: string): boolean => /^[_#]/.test(name);

/** The method of an object that a function is, or is part of. */
function methodAround(source: Source, fn: Fn, owner: number): Fn | undefined {
  const family = source.lineage(owner);
  for (let at: Fn | undefined = fn; at !== undefined; at = at.parent) {
    if (at.name !== undefined && at.name !== "constructor" && family.includes(ownerId(at) ?? Number.NaN)) return at;
  }
  return undefined;
}

/** The methods of the same object that call a function, directly or by way of others, and that users can call. */
function publicCallers(source: Source, root: Fn, owner: number): string[] {
  const found = new Set<string>();
  const seen = new Set([root]);
  const open = [root];
  for (let fn = open.pop(); fn !== undefined; fn = open.pop()) {
    for (const caller of source.callersOf(fn)) {
      const method = methodAround(source, caller, owner);
      if (method?.name === undefined || seen.has(method)) continue;
      seen.add(method);
      if (isPrivate(method.name)) open.push(method);
      else if (isAwaitedMethod(source, method)) found.add(method.name);
    }
  }
  return [...found];
}

function ruleFor(recordings: readonly Recording[]): MergeRule {
  const hows = new Set(recordings.map(({ how }) => how));
  if (hows.has("array") || hows.has("set") || hows.has("text")) return "append";
  return hows.has("sum") ? "sum" : "last";
}

/** How the guard finds the object: the exported class, or what an exported function makes. */
function reach(source: Source, root: Fn, owner: number | undefined): Pick<Draft, "export" | "factory"> | undefined {
  const name = owner === undefined ? undefined : exportedAs(source, owner);
  if (name !== undefined) return name === "default" ? {} : { export: name };
  for (let fn = root.parent; fn?.parent !== undefined; fn = fn.parent) {
    const id = fn.this.kind === "object" && typeof fn.this.object === "number" ? fn.this.object : undefined;
    const factory = id === undefined ? undefined : exportedAs(source, id);
    if (factory !== undefined) return { factory };
  }
  return root.owner === undefined && root.parent === source.survey.module ? {} : undefined;
}

function buffers(findings: readonly Finding[]): Pick<Draft, "owner" | "buffers"> {
  let owner: string | undefined;
  const fields: Record<string, MergeRule> = {};
  for (const { rule, key, recordings } of findings) {
    const [, ...path] = key.split(".");
    const field = path.pop();
    const swaps = rule === clearedAfterWait && !recordings.some(({ how }) => how === "call");
    // What cannot be swapped is held, and then all of it is.
    if (!swaps || field === undefined || key.includes("#")) return {};
    owner ??= path.join(".");
    if (owner !== path.join(".")) return {};
    fields[field] = ruleFor(recordings);
  }
  return { ...(owner && { owner }), buffers: fields };
}

/** For a Writable: its 'finish' waits for what its own flush sends, and for what is on its way. */
function writable(source: Source, { root }: Finding, owner: number): Pick<Draft, "send" | "final"> {
  return { send: [root.name as string], final: source.method(owner, "flush") === undefined ? true : "flush" };
}

/**
 * Proposes the target that guards a method.
 * @param findings of the same hazard in that method
 * @param file path inside the package, or several in a glob
 */
export function proposeTarget(
  source: Source,
  findings: readonly [Finding, ...Finding[]],
  { name, version }: Package,
  file: string,
): Proposal {
  const [{ root, key, rule, marks }] = findings;
  const owner = ownerId(root) ?? Number(key.split(".")[0]);
  const method = methodAround(source, root, owner)?.name ?? root.name;
  if (method === undefined) return { note: "The function has no name to guard it by." };
  if (rule === finishesEarly) {
    const found = reach(source, root, owner);
    const draft = { ...baseOf(name, version, file), ...found, ...writable(source, findings[0], owner) };
    return checked(draft, found !== undefined, FINAL_NOTE);
  }
  if (rule === stoppedUnsent)
    return { note: `Send what is left before ${method} is called, or by "beforeClose" of a target in code.` };
  const early = rule.meta.hazard === "early return";
  // A buffer is swapped where it is emptied; what callers wait for is what they call.
  const callers = (early ? isPrivate(method) : method.startsWith("#")) ? publicCallers(source, root, owner) : [];
  if (method.startsWith("#") && callers.length === 0)
    return { note: `${method} is private: nothing outside can guard it.` };
  const flush = callers.length > 0 ? callers.filter((caller) => !CLOSES.test(caller)) : [method];
  const close = callers.filter((caller) => CLOSES.test(caller));
  const send = callers.length > 0 && !method.startsWith("#") ? [method] : [];
  const recordings = findings.flatMap((finding) => finding.recordings);
  const records = recordings.flatMap(({ fn }) => {
    const around = methodAround(source, fn, owner);
    return around?.name === undefined || isWithin(root, around) ? [] : [around.name];
  });
  const roles = new Set([...flush, ...close, ...send]);
  const record = [...new Set(records)].filter((name) => !roles.has(name) && !name.startsWith("#"));
  const detached = early && marks.some(({ label }) => label === "taken");
  const found = reach(source, root, owner);
  const draft: Draft = {
    ...baseOf(name, version, file),
    ...found,
    ...(record.length > 0 && { record }),
    ...(flush.length > 0 && { flush }),
    ...(send.length > 0 && { send }),
    ...(close.length > 0 && { close }),
    ...buffers(findings),
    ...(detached && { batch: "detached" }),
  };
  return checked(draft, found !== undefined);
}

const baseOf = (name: string, version: string | undefined, file: string): Draft => ({
  module: name,
  ...(version !== undefined && { versions: `^${version}` }),
  file,
});

const FINAL_NOTE = 'The method that sends what is left, if it has one, goes into "final".';
const REACH_NOTE =
  'The file does not export what has these methods: add the "export" or "factory" that gives it, or call guard() on it.';

function checked(draft: Draft, isReached: boolean, note?: string): Proposal {
  const { target, problems } = validateTarget(draft, "target");
  if (target === undefined || problems.length > 0) return { note: "Its names do not fit into a target." };
  const notes = [...(isReached ? [] : [REACH_NOTE]), ...(note !== undefined && draft.final === true ? [note] : [])];
  return { target, ...(notes.length > 0 && { note: notes.join(" ") }) };
}
