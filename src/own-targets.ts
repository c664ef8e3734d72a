import { absentModules } from "./absent-modules.js";
import { didYouMean } from "./config/did-you-mean.js";
import { log } from "./log.js";
import type { Target } from "./target.js";
import { targets as builtIn, type TargetEntry } from "./targets/list.js";

/** What a target of the app's own is hooked and loaded by, as `targets/list.ts` has it of the built-in ones. */
export function entryOf(target: Target): TargetEntry {
  const { module } = target;
  const like = target.like === undefined ? undefined : original(target.like);
  if (like === undefined) return { module, esm: true, functions: functionsOf(target), load: () => [target] };
  let forks: readonly Target[] | undefined;
  const load = () => (forks ??= like.load().map((declared) => fork(declared, target)));
  return { ...like, module, esm: true, load };
}

/** The client that is built in of this name. */
function original(name: string): TargetEntry | undefined {
  return builtIn.find(({ module }) => module === name);
}

/** What is declared of a client, for a package of another name with versions of its own. */
function fork(declared: Target, target: Target): Target {
  const own = without(target, "like");
  const same = without(declared, "versions", "unaffected", "fixedIn");
  const isElsewhere = own.export !== undefined || own.factory !== undefined;
  return { ...(isElsewhere ? without(same, "export", "factory", "part") : same), ...own };
}

function without(target: Target, ...keys: readonly (keyof Target)[]): Target {
  return Object.fromEntries(Object.entries(target).filter(([key]) => !keys.includes(key as keyof Target))) as Target;
}

/** What is wrong with a target of which nothing is known: the client that it is like is not built in. */
export function unknownLike({ like }: Target, where: string): string | undefined {
  if (like === undefined || original(like) !== undefined) return undefined;
  const meant = didYouMean(
    like,
    builtIn.map((entry) => entry.module),
  );
  return `${where}.like: found ${JSON.stringify(like)}, expected the name of a client that is built in${meant}`;
}

/**
 * Tells what is wrong with a target that code adds.
 * @param isLeftOut whether FLUSHGUARD_TARGETS leaves it out
 * @throws {TypeError} when it is like a client that is not built in
 */
export function checkDefined(target: Target, isLeftOut: boolean): void {
  const unlike = unknownLike(target, "defineTarget()");
  if (unlike !== undefined) throw new TypeError(unlike);
  const { module } = target;
  if (isLeftOut) log.warn(`defineTarget(): FLUSHGUARD_TARGETS leaves ${JSON.stringify(module)} out; it is not guarded`);
  else for (const line of absentModules([module])) log.warn(`defineTarget(): ${line}`);
}

/** The targets of which something is known. */
export function known(targets: readonly Target[]): Target[] {
  return targets.filter(({ like }) => like === undefined || original(like) !== undefined);
}

/** A line for each of the others. */
export function unknownLikes(userTargets: readonly Target[]): string[] {
  return userTargets.flatMap((target) => {
    const unlike = unknownLike(target, `target of ${JSON.stringify(target.module)}`);
    return unlike === undefined ? [] : [`${unlike}; this target is left out`];
  });
}

/** The functions of an ES module that a target asks to replace. Those of a class are methods. */
function functionsOf({ export: exported, factory, record = [], flush = [], send = [], close = [] }: Target): string[] {
  if (factory !== undefined) return factory.includes("#") ? [] : [factory];
  return exported === undefined ? [...record, ...flush, ...send, ...close] : [];
}

// In this file where it is published: both are loaded only where the app has targets of its own, or names what has to be installed.
export { absentClients, absentPackages } from "./absent-modules.js";
