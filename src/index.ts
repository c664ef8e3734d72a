import { createRequire } from "node:module";
import type { DrainOptions, DrainResult } from "./drain/result.js";
import { GONE, lateFile, lateFileIfThere } from "./late-file.js";
import { log } from "./log.js";
import { isReference } from "./methods/owner.js";
import type { Rendered, Wanted } from "./multiprocess/exposition/render.js";
import type { RolesOf, Uninferred } from "./roles-of.js";
import type { Status } from "./status.js";
import type { Roles, Target } from "./target.js";
import { runtime } from "./this-process.js";

export type { DrainedClient, DrainOptions, DrainResult } from "./drain/result.js";
export type { Rendered, Wanted } from "./multiprocess/exposition/render.js";
export type { Found } from "./patch/found.js";
export type { RolesOf, Uninferred } from "./roles-of.js";
export type { Status, TargetStatus } from "./status.js";
export type { BufferRule, CallsOut, Ends, MergeRule, Replace, Returns, Roles, Strategy, Target } from "./target.js";
export type { Counters } from "./telemetry/counters.js";
export type { FlushMessage, Hazard, HazardMessage, PatchMessage } from "./telemetry/messages.js";

const require = createRequire(import.meta.url);

/** What `guard()` gives. */
export interface Handle {
  /** Whether the methods are guarded. */
  readonly guarded: boolean;
  /** Why they are not, or which of those that were declared are not there. */
  readonly reason: string | undefined;
  /** Puts the original methods back. */
  restore(): void;
}

/**
 * Guards a class of the app's own, or one in a bundle, where no module is loaded that could be hooked.
 * @param classOrInstance a class, whose prototype is patched, or a single instance
 * @param roles its methods and where its buffer is, by names that it has; of private ones `guard<object>(…)`
 * @returns a handle; where the shape does not fit, nothing is changed and it says why
 * @throws {TypeError} when the arguments are not of the declared form
 */
export function guard<T extends object, const R extends Roles = Uninferred>(
  classOrInstance: (abstract new (...args: never[]) => T) | T,
  roles: R & RolesOf<T, R>,
): Handle {
  if (!isReference(classOrInstance)) {
    throw new TypeError(`guard(): found ${String(classOrInstance)}, expected a class or an instance`);
  }
  const valid = validation()?.validateRoles(roles as Roles, "guard()");
  const guarding =
    valid === undefined ? { refused: GONE } : runtime().guard(classOrInstance, checked(valid, "guard()"));
  if (runtime().config.observe && !("refused" in guarding)) {
    return { guarded: false, reason: "FLUSHGUARD is observe", restore: () => guarding.restore() };
  }
  if ("refused" in guarding) return { guarded: false, reason: guarding.refused, restore() {} };
  const { notes } = guarding;
  const reason = notes.length === 0 ? undefined : `guarded in part: ${notes.join("; ")}`;
  return { guarded: true, reason, restore: () => guarding.restore() };
}

/** Hooks module loading, as the preload does, and brings back what `disable()` took away. */
export function enable(): void {
  runtime().enable();
}

/**
 * Takes the guard away: no hook and no wrapper stays behind.
 * @returns settles when the original methods are back: at once, or after what is in flight, so that nothing held is lost
 */
export function disable(): Promise<void> {
  return runtime().disable();
}

/**
 * Flushes the clients of this process, in parallel, and waits until they have settled: for an app's own end, a handler's
 * `finally`, a test's teardown. It knows the clients whose flush or close was called, and with FLUSHGUARD_DRAIN set to anything
 * those that have only recorded, too. The clients stay open, and what is recorded meanwhile may be left for the next flush.
 * @returns what came of each client. Never rejects; what takes longer than the limit goes on behind it
 */
export function drain(options: DrainOptions = {}): Promise<DrainResult> {
  return runtime().drain(options);
}

/** What was found, patched or left alone and why, and what the guard has done since. */
export function status(): Status {
  return runtime().status();
}

/**
 * Adds a target of the app's own, in place of the built-in one for its module.
 * @throws {TypeError} when it is not a valid target, with one line for each thing that is wrong
 */
export function defineTarget(target: Target): void {
  const valid = validation()?.validateTarget(target, "defineTarget()");
  if (valid !== undefined) runtime().define(checked(valid, "defineTarget()"));
}

/**
 * Adds up the metrics that the processes of this machine have recorded, for the app's own /metrics route.
 * @param directory as in FLUSHGUARD_MULTIPROCESS_DIR
 * @param wanted what the scraper says it can read: its `accept` header, and its `accept-encoding` as `acceptEncoding`
 * @returns body and headers of the answer. Never rejects because of what is in the directory
 */
export async function collect(directory: string, wanted?: Wanted): Promise<Rendered> {
  await runtime().bringInMetrics(directory);
  const { collectAll, render } = lateFile(() => ({
    ...(require("./multiprocess/collect.js") as typeof import("./multiprocess/collect.js")),
    ...(require("./multiprocess/exposition/render.js") as typeof import("./multiprocess/exposition/render.js")),
  }));
  return render(await collectAll(directory), wanted);
}

type Validation = typeof import("./config/validate-target.js");

function validation(): Validation | undefined {
  return lateFileIfThere(() => require("./config/validate-target.js") as Validation);
}

function checked<T extends object>({ target, problems }: { target?: T; problems: string[] }, where: string): T {
  // What happens to what is wrong in a file: here all of it is refused.
  const lines = problems.map((line) => line.replace(/; (?:this target is left out|it is ignored)$/, ""));
  if (target === undefined || lines.length > 0) throw new TypeError(lines.join("\n"));
  for (const line of validation()?.emptyLists(target, where) ?? []) log.warn(line);
  return target;
}
