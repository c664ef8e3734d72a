import type { Engine } from "../guard/engine.js";
import { releaseBeforeExit, stopReleasingBeforeExit } from "../guard/owner/exit.js";
import type { Limits } from "../guard/owner/guard.js";
import { GuardedClass } from "../guard/owner/guarded-class.js";
import type { LoadedFile } from "../hooks/loaded-file.js";
import { log } from "../log.js";
import { findExport, isObject, methodHolder } from "../methods/find-export.js";
import { moduleFunctions } from "../methods/module-functions.js";
import { neededOf } from "../methods/senders.js";
import { matchesFile } from "../packages/file-match.js";
import { installedVersion } from "../packages/installed-version.js";
import { isFixedUpstream, isUnaffected, versionObstacle, versionObstacles } from "../packages/version-obstacle.js";
import { reasonOf } from "../reason-of.js";
import type { Roles, Target } from "../target.js";
import { publishPatch } from "../telemetry/channels.js";
import type { TargetReading } from "../telemetry/metrics/index.js";
import { absentFile } from "./absent-file.js";
import { findFactory, madeHolder } from "./factory.js";
import { type Found, FoundPackages } from "./found.js";
import { GuardedInstances } from "./guard-instance.js";
import { type Guarding, guardMethods, methodsOf } from "./guard-methods.js";
import { Missing, partMissing, shapeMissing } from "./missing.js";
import { SingleInstances } from "./single-instances.js";
import { logOwn, note, report, tell } from "./tell.js";

const TWICE = { refused: "another target is about the same" };

/** What is undone and done again as the guard is switched off and on. */
interface Patch {
  restore(): void;
  guardAgain(): void;
}

/** Guards what targets name in the files that are loaded. Idempotent: a file may be shown any number of times. */
export class Patcher {
  readonly #limits: Limits;
  readonly #engine: Engine;
  readonly #found = new FoundPackages();
  readonly #classes = new Set<GuardedClass>();
  readonly #instances: GuardedInstances;
  readonly #patches = new Set<Patch>();
  /** What has been looked at, and the target that it was looked at for. */
  readonly #seen = new WeakMap<object, Target>();
  readonly #single = new SingleInstances();
  readonly #missing = new Missing();
  /** Folders of packages whose version and files have been looked at, and whether for targets of the app's own. */
  readonly #checked = new Set<string>();
  /** Switched off, or about to be. */
  #stopping: object | undefined;

  constructor(limits: Limits, engine: Engine) {
    this.#limits = limits;
    this.#engine = engine;
    this.#instances = new GuardedInstances(engine);
    this.#patches.add({
      restore: () => this.#instances.restoreAll(),
      guardAgain: () => this.#instances.guardAgain(),
    });
    releaseBeforeExit();
  }

  get found(): readonly Found[] {
    return this.#found.all;
  }

  get classes(): readonly GuardedClass[] {
    return [...this.#classes];
  }

  /** What the guards of each target amount to now. */
  readings(): TargetReading[] {
    const readings = new Map<string, TargetReading>();
    for (const { name, counters, enabled } of this.#classes) {
      const reading = readings.get(name) ?? { target: name, held: 0, timeouts: 0, patched: 0 };
      reading.held += counters.held - counters.replayed;
      reading.timeouts += counters.timeouts;
      reading.patched += enabled ? 1 : 0;
      readings.set(name, reading);
    }
    return [...readings.values()];
  }

  /**
   * Guards what a package's targets name in a file.
   * @param areOwn whether the targets are the app's own, in which a file that is not there is a mistake
   */
  loaded(loaded: LoadedFile, targets: readonly Target[], areOwn: boolean): void {
    this.#check(loaded, targets, areOwn);
    const isAbout = ({ file }: Target): boolean => matchesFile(file, loaded.file);
    if (!targets.some(isAbout)) return;
    const { version } = this.#found.packageOf(loaded);
    // Where one is about the version that is installed, it is no matter that another is not.
    const fitting = targets.filter((target) => versionObstacle(target, version) === undefined);
    for (const target of (fitting.length > 0 ? fitting : targets).filter(isAbout)) this.#patch(loaded, target, areOwn);
  }

  /** Says once of a package that none of its targets is about the version that is installed, or about a file that it has. */
  #check({ module, basedir, version: bundled }: LoadedFile, targets: readonly Target[], areOwn: boolean): void {
    // The app's own may come later than those that are built in.
    const key = `${basedir} ${areOwn}`;
    if (this.#checked.has(key)) return;
    this.#checked.add(key);
    const version = bundled ?? installedVersion(basedir);
    const tell = (level: "info" | "warn", reason: string) =>
      log[level](`${module} ${version} is left as it is: ${reason}`);
    const obstacle = versionObstacles(targets, version);
    if (obstacle !== undefined) {
      const isFine = targets.some((target) => isFixedUpstream(target, version) || isUnaffected(target, version));
      tell(isFine ? "info" : "warn", obstacle);
    } else if (areOwn && bundled === undefined) {
      for (const target of targets) {
        const isAbout = versionObstacle(target, version) === undefined;
        const absent = isAbout ? absentFile(basedir, target.file) : undefined;
        if (absent !== undefined) tell("warn", absent);
      }
    }
  }

  #patch(loaded: LoadedFile, target: Target, isOwn: boolean): void {
    const found = this.#found.packageOf(loaded);
    const obstacle = versionObstacle(target, found.version);
    if (obstacle !== undefined) {
      if (!note(found, obstacle)) return;
      tell(found, { state: "left alone", reason: obstacle });
      return;
    }
    const guarding =
      target.factory === undefined
        ? this.#patchExport(loaded, target, isOwn)
        : this.#patchFactory(loaded, target, target.factory, isOwn);
    if (guarding !== undefined) report(found, guarding, loaded.file, isOwn);
    // Without a file, any file of the package may be the one.
    if (target.file === undefined) this.#missing.expect(found, target, guarding !== undefined);
  }

  /** Guards a class, or a single instance, that the app itself hands over. */
  guard(value: object, roles: Roles): Guarding {
    if (typeof value !== "function" || methodHolder(value, neededOf(roles)) === value) {
      return this.#guardOne(value, roles);
    }
    const prototype: unknown = value.prototype;
    if (!isObject(prototype)) return { refused: "it is neither a class nor an instance" };
    const guarded = new GuardedClass(value.name, roles, this.#limits, true);
    const guarding = this.#guardPrototype(guarded, prototype);
    logOwn(value.name, guarding);
    if ("refused" in guarding) return guarding;
    publishPatch(() => ({ target: value.name, state: "patched" }));
    const restore = (): void => {
      guarded.release();
      guarding.restore();
      guarded.enabled = false;
      guarded.replacements.undo();
      this.#patches.delete(guarding);
      this.#classes.delete(guarded);
      publishPatch(() => ({ target: value.name, state: "restored" }));
    };
    return { ...guarding, restore };
  }

  #guardOne(instance: object, roles: Roles): Guarding {
    const guarded = this.#single.classFor(instance, roles, this.#limits);
    const guarding = this.#guardInstance(guarded, instance);
    logOwn(guarded.name, guarding);
    if ("refused" in guarding) return guarding;
    const restore = (): void => {
      guarded.existingGuardOf(instance)?.letGo();
      guarding.restore();
      this.#instances.forget(instance);
    };
    return { ...guarding, restore };
  }

  /** Puts the originals back as soon as nothing is in flight or held: at once where nothing is. */
  async disable(): Promise<void> {
    const stopping = {};
    this.#stopping = stopping;
    for (const guarded of this.#classes) guarded.stopping = true;
    const busy = this.classes.filter((guarded) => !guarded.idle);
    if (busy.length > 0) await Promise.all(busy.map((guarded) => guarded.whenIdle()));
    // Enabled again while it waited.
    if (this.#stopping !== stopping) return;
    for (const patch of this.#patches) patch.restore();
    for (const guarded of this.#classes) {
      guarded.enabled = false;
      guarded.replacements.undo();
    }
    stopReleasingBeforeExit();
    this.#tellAll("restored");
  }

  enable(): void {
    if (this.#stopping === undefined) return;
    this.#stopping = undefined;
    stopReleasingBeforeExit();
    releaseBeforeExit();
    for (const guarded of this.#classes) {
      guarded.enabled = true;
      guarded.stopping = false;
    }
    for (const patch of this.#patches) patch.guardAgain();
    this.#tellAll("patched");
  }

  #tellAll(state: "patched" | "restored"): void {
    for (const found of this.found) for (const file of found.patched) tell(found, { state, file });
  }

  #patchExport(loaded: LoadedFile, target: Target, isOwn: boolean): Guarding | undefined {
    const value = findExport(loaded.exports, target.export);
    const holder = methodHolder(value, neededOf(target));
    if (holder === undefined) {
      return target.file === undefined ? undefined : { refused: shapeMissing(target) };
    }
    const seen = this.#seenFor(holder, target);
    if (seen !== undefined) return isOwn && seen !== target ? TWICE : undefined;
    const methods =
      loaded.format === "module" && holder === loaded.exports ? moduleFunctions(loaded, methodsOf(target)) : holder;
    return this.#guardPrototype(new GuardedClass(target.module, target, this.#limits, isOwn), methods);
  }

  /** The target for which an object was looked at before; from now on this one, where it was not. */
  #seenFor(object: object, target: Target): Target | undefined {
    const seen = this.#seen.get(object);
    if (seen === undefined) this.#seen.set(object, target);
    return seen;
  }

  #guardPrototype(guarded: GuardedClass, prototype: object): Guarding {
    const guarding = guardMethods(guarded, prototype, this.#engine);
    if ("refused" in guarding) return guarding;
    this.#classes.add(guarded);
    this.#patches.add(guarding);
    return guarding;
  }

  #guardInstance(guarded: GuardedClass, instance: object): Guarding {
    const guarding = this.#instances.guard(guarded, instance);
    if ("restore" in guarding) this.#classes.add(guarded);
    return guarding;
  }

  #patchFactory(loaded: LoadedFile, target: Target, path: string, isOwn: boolean): Guarding | undefined {
    const found = this.#found.packageOf(loaded);
    const guarded = new GuardedClass(target.module, target, this.#limits, isOwn);
    const factory = findFactory(loaded, path, (made) => this.#guardMade(made, target, guarded, found));
    if (factory === undefined) {
      return target.file === undefined ? undefined : { refused: shapeMissing(target) };
    }
    const seen = this.#seenFor(factory.original, target);
    if (seen !== undefined) return isOwn && seen !== target ? TWICE : undefined;
    this.#seen.set(factory.watched, target);
    let restore = factory.replace();
    if (restore === undefined) return { refused: `"${path}" cannot be replaced` };
    const patch: Patch = {
      restore() {
        if (restore?.()) restore = undefined;
      },
      guardAgain() {
        restore ??= factory.replace();
      },
    };
    this.#patches.add(patch);
    return { notes: [], ...patch };
  }

  /** Guards what a factory has made: its prototype, or itself where its methods are its own properties, as bound ones are. */
  #guardMade(product: unknown, target: Target, guarded: GuardedClass, found: Found): void {
    if (this.#stopping !== undefined) return;
    const made = madeHolder(product, target);
    if (made === undefined) {
      if (guarded.isOwn && !this.#classes.has(guarded)) report(found, { refused: partMissing(target, product) });
      return;
    }
    const { holder, isInstance } = made;
    if (this.#seenFor(holder, target) !== undefined) return;
    try {
      const guarding = isInstance ? this.#guardInstance(guarded, holder) : this.#guardPrototype(guarded, holder);
      report(found, guarding, undefined, guarded.isOwn);
    } catch (error) {
      log.warn(`${found.module} ${found.version}: what "${target.factory}" made cannot be guarded: ${reasonOf(error)}`);
    }
  }
}
