import { replayBeforeExit, stopReplayingBeforeExit } from "../guard/exit.js";
import { GuardedClass, type Limits } from "../guard/guarded-class.js";
import type { LoadedFile } from "../hooks/loaded-file.js";
import { log } from "../log.js";
import type { Roles, Target } from "../target.js";
import { watchFactory } from "./factory.js";
import { matchesFile } from "./file-match.js";
import { findExport, isObject, methodHolder } from "./find.js";
import { GuardedInstances } from "./guard-instance.js";
import { type Guarding, guardMethods } from "./guard-methods.js";
import { installedVersion, versionObstacle } from "./installed-version.js";
import { withoutPrivateFields } from "./private-fields.js";
import { type Restore, wrapMethod } from "./wrap-method.js";

/** One package that was loaded, in one folder. */
export interface Found {
  module: string;
  version: string;
  path: string;
  /** Files of it whose class is guarded. */
  patched: string[];
  /** Why it, or a part of it, is not guarded. */
  reasons: string[];
}

interface Patch {
  guarded: GuardedClass;
  apply(): Guarding;
  restore: Restore;
}

/** Guards what targets name in the files that are loaded. Idempotent: a file may be shown any number of times. */
export class Patcher {
  readonly #limits: Limits;
  readonly #found = new Map<string, Found>();
  readonly #patches: Patch[] = [];
  readonly #instances = new GuardedInstances();
  readonly #seen = new WeakSet<object>();

  constructor(limits: Limits) {
    this.#limits = limits;
    replayBeforeExit();
  }

  get found(): readonly Found[] {
    return [...this.#found.values()];
  }

  get classes(): readonly GuardedClass[] {
    return this.#patches.map((patch) => patch.guarded);
  }

  /** Guards what a target names in a file, if that is the file. */
  patch(loaded: LoadedFile, target: Target): void {
    if (!matchesFile(target.file, loaded.file)) return;
    const found = this.#find(loaded);
    const obstacle = versionObstacle(target, found.version);
    if (obstacle !== undefined) {
      if (note(found, obstacle)) log.info(`${found.module} ${found.version} is left as it is: ${obstacle}`);
      return;
    }
    const guarding =
      target.factory === undefined ? this.#patchExport(loaded, target) : this.#patchFactory(loaded, target, found);
    if (guarding === undefined) return;
    if ("refused" in guarding) {
      const line = `${found.module} ${found.version} is left as it is: in ${loaded.file}, ${guarding.refused}`;
      if (note(found, `${loaded.file}: ${guarding.refused}`)) log.warn(line);
      return;
    }
    found.patched.push(loaded.file);
    for (const line of guarding.notes) if (note(found, line)) log.info(`${found.module} ${found.version}: ${line}`);
    log.debug(`${found.module} ${found.version}: ${loaded.file} is guarded`);
  }

  /** Guards a class, or a single instance, that the app itself hands over. */
  guard(value: object, roles: Roles): Guarding {
    const holder = typeof value === "function" ? (value as { prototype?: unknown }).prototype : value;
    if (!isObject(holder)) return { refused: "it is neither a class nor an instance" };
    const name = typeof value === "function" ? value.name : (value.constructor?.name ?? "object");
    return this.#apply(new GuardedClass(name, withoutPrivateFields(roles, holder, name), this.#limits), holder);
  }

  /** Puts the originals back as soon as nothing is in flight or held: at once where nothing is. */
  async disable(): Promise<void> {
    for (const { guarded } of this.#patches) guarded.stopping = true;
    const busy = this.classes.filter((guarded) => !guarded.idle);
    if (busy.length > 0) await Promise.all(busy.map((guarded) => guarded.whenIdle()));
    for (const { guarded, restore } of this.#patches) {
      restore();
      guarded.enabled = false;
    }
    this.#instances.restoreAll();
    stopReplayingBeforeExit();
  }

  enable(): void {
    replayBeforeExit();
    for (const patch of this.#patches) {
      patch.guarded.enabled = true;
      patch.guarded.stopping = false;
      const guarding = patch.apply();
      if ("restore" in guarding) patch.restore = guarding.restore;
    }
  }

  #find(loaded: LoadedFile): Found {
    let found = this.#found.get(loaded.basedir);
    if (found === undefined) {
      const { module, basedir: path } = loaded;
      found = { module, version: installedVersion(path), path, patched: [], reasons: [] };
      this.#found.set(path, found);
    }
    return found;
  }

  #patchExport(loaded: LoadedFile, target: Target): Guarding | undefined {
    const value = findExport(loaded.exports, target.export);
    const holder = methodHolder(value, [...(target.flush ?? []), ...(target.send ?? [])]);
    if (holder === undefined) {
      // Without a file, any file of the package may be the one.
      return target.file === undefined ? undefined : { refused: shapeOf(target) };
    }
    if (this.#seen.has(holder)) return undefined;
    this.#seen.add(holder);
    const roles = withoutPrivateFields(target, holder, target.module);
    return this.#apply(new GuardedClass(target.module, roles, this.#limits), holder);
  }

  #apply(guarded: GuardedClass, holder: object): Guarding {
    const apply = (): Guarding => guardMethods(guarded, holder);
    const guarding = apply();
    if ("restore" in guarding) this.#patches.push({ guarded, apply, restore: guarding.restore });
    return guarding;
  }

  #patchFactory(loaded: LoadedFile, target: Target, found: Found): Guarding | undefined {
    const [path, method] = (target.factory as string).split("#") as [string, string?];
    const value = findExport(loaded.exports, path === "" ? undefined : path);
    const holder = method === undefined ? undefined : (value as { prototype?: object } | undefined)?.prototype;
    const factory = method === undefined ? value : (holder as Record<string, unknown> | undefined)?.[method];
    if (typeof factory !== "function") {
      return target.file === undefined ? undefined : { refused: `there is no function "${target.factory}"` };
    }
    if (this.#seen.has(factory)) return undefined;
    const guarded = new GuardedClass(target.module, target, this.#limits);
    const apply = (): Guarding => {
      const watched = watchFactory(factory as () => unknown, (made) => this.#guardMade(guarded, made, found));
      this.#seen.add(factory);
      this.#seen.add(watched);
      if (method !== undefined) return { notes: [], restore: wrapMethod(holder as object, method, () => watched) };
      const name = path.split(".").at(-1) ?? "";
      if (!loaded.replace(name, watched)) return { refused: `"${target.factory}" cannot be replaced` };
      return { notes: [], restore: () => void loaded.replace(name, factory) };
    };
    const guarding = apply();
    if ("restore" in guarding) this.#patches.push({ guarded, apply, restore: guarding.restore });
    return guarding;
  }

  #guardMade(guarded: GuardedClass, made: object, found: Found): void {
    if (!guarded.enabled || guarded.stopping || this.#seen.has(made)) return;
    this.#seen.add(made);
    try {
      const guarding = this.#instances.guard(guarded, made);
      if ("refused" in guarding && note(found, guarding.refused)) {
        log.warn(`${found.module} ${found.version} is left as it is: ${guarding.refused}`);
      }
    } catch (error) {
      guarded.fail(error, "an instance cannot be guarded");
    }
  }
}

function shapeOf(target: Target): string {
  const methods = [...(target.flush ?? []), ...(target.send ?? [])].map((name) => `"${name}"`).join(" or ");
  return target.export === undefined ? `nothing has ${methods}` : `"${target.export}" has no ${methods}`;
}

/** @returns whether the reason is new */
function note(found: Found, reason: string): boolean {
  if (found.reasons.includes(reason)) return false;
  found.reasons.push(reason);
  return true;
}
