import { createRequire } from "node:module";
import { resolve } from "node:path";
import { chosenTargets, hookedModule, isChosen, ownTargets, wrongTargets } from "./chosen-targets.js";
import { bequeath, type Config, loadConfig, type MultiprocessConfig, unknownTargets } from "./config/index.js";
import type { Draining } from "./drain/index.js";
import type { DrainOptions, DrainResult } from "./drain/result.js";
import { drainingAhead } from "./draining-ahead.js";
import type { Engine } from "./guard/engine.js";
import type { HookedModule, Hooks, InstallHooks, LoadedFile } from "./hooks/index.js";
import { GONE, lateFileIfThere } from "./late-file.js";
import { LatePart } from "./late-part.js";
import { log, setLogLevel } from "./log.js";
import type { Clients } from "./multiprocess/prom-client/clients.js";
import { SHARED_CLIENTS } from "./packages/shared-clients.js";
import type { Guarding } from "./patch/guard-methods.js";
import type { Patcher } from "./patch/patcher.js";
import { reasonOf } from "./reason-of.js";
import { startFailed } from "./start-failed.js";
import type { Status } from "./status.js";
import { statusOf } from "./status-of.js";
import type { Roles, Target } from "./target.js";
import { targets as builtIn, type TargetEntry } from "./targets/list.js";
import type { Averted } from "./telemetry/averted.js";
import type { Metrics } from "./telemetry/metrics/index.js";

const require = createRequire(import.meta.url);

/** The guard of this process. */
export class Runtime {
  readonly config: Config = loadConfig();
  readonly #installHooks: InstallHooks;
  readonly #targets: Map<string, TargetEntry[]>;
  readonly #patcher = new LatePart<Patcher>(() => {
    const { Patcher } = require("./patch/patcher.js") as typeof import("./patch/patcher.js");
    return new Patcher(this.config, this.#engine());
  });
  readonly #metrics = new LatePart<Metrics>(() => {
    const { Metrics } = require("./telemetry/metrics/index.js") as typeof import("./telemetry/metrics/index.js");
    const outcome = this.config.observe ? "seen" : "averted";
    return new Metrics(this.config.metrics, outcome, () => this.#patcher.made?.readings() ?? []);
  });
  readonly #clients = new LatePart<Clients>(() => {
    const { Clients } =
      require("./multiprocess/prom-client/clients.js") as typeof import("./multiprocess/prom-client/clients.js");
    return new Clients(this.config.multiprocess as MultiprocessConfig);
  });
  readonly #loadDraining = new LatePart(drainingAhead);
  readonly #draining = new LatePart<Draining>(() => {
    const { Draining } = this.#loadDraining.get()();
    return new Draining(this.config, {
      classes: () => this.#patcher.made?.classes ?? [],
      targets: () => this.#targets.keys(),
      isOn: () => this.#hooks !== undefined || this.#patcher.made !== undefined,
    });
  });
  readonly #averted = new LatePart<Averted>(
    () => new (require("./telemetry/averted.js") as typeof import("./telemetry/averted.js")).Averted(),
  );
  #hooks: Hooks | undefined;
  #disabled = false;
  #stopping: Promise<void> | undefined;

  constructor(installHooks: InstallHooks) {
    this.#installHooks = installHooks;
    setLogLevel(this.config.logLevel);
    for (const problem of this.config.problems) log.warn(problem);
    const names = builtIn.map(({ module }) => module);
    for (const line of [...unknownTargets(this.config, names), ...wrongTargets(this.config)]) log.warn(line);
    this.#targets = chosenTargets(this.config);
  }

  /**
   * Hooks module loading and guards what is loaded already. Does nothing when it is on, or switched off by FLUSHGUARD; what
   * throws on the way is told, and all that was done is undone.
   * @returns whether it is on
   */
  enable(): boolean {
    if (this.#hooks !== undefined || !this.config.enabled) return this.#hooks !== undefined;
    try {
      this.#start();
      return true;
    } catch (error) {
      startFailed(error);
      this.disable().catch((reason: unknown) => log.warn(`could not be taken back in full: ${reasonOf(reason)}`));
      return false;
    }
  }

  #start(): void {
    log.info(`${this.config.observe ? "observing" : "on"}, ${this.#targets.size} clients known`);
    this.#disabled = false;
    this.#stopping = undefined;
    this.#patcher.made?.enable();
    if (this.#notes) this.#draining.get().start();
    if (this.#tellsOfAverted) this.#averted.get().start();
    this.#hooks = this.#installHooks(
      [
        ...Array.from(this.#targets, ([name, entries]) => hookedModule(name, entries)),
        ...this.#metricModules(),
        ...this.#sharedModules(),
      ],
      (loaded) => this.#loaded(loaded),
      (error, where, outcome) => log.warn(`${where}: ${reasonOf(error)}; ${outcome}`),
    );
  }

  /** Takes the hooks out and puts the original methods back. */
  disable(): Promise<void> {
    this.#disabled = true;
    this.#metrics.made?.stop();
    this.#hooks?.unhook();
    this.#hooks = undefined;
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#clients.made?.stop();
    this.#draining.made?.stop();
    await this.#patcher.made?.disable();
    this.#averted.made?.stop();
    // What others have wrapped since could not be put back; the next call may find it free.
    this.#stopping = undefined;
  }

  /**
   * Adds a target, in place of the built-in ones for its module.
   * @throws {TypeError} when it is like a client that is not built in
   */
  define(target: Target): void {
    const own = lateFileIfThere(ownTargets);
    if (own === undefined) return;
    const isIn = isChosen(this.config, target.module);
    own.checkDefined(target, !isIn);
    const entries = (this.#targets.get(target.module) ?? []).filter((entry) => !builtIn.includes(entry));
    if (isIn) entries.push(own.entryOf(target));
    this.#targets.set(target.module, entries);
    this.#hooks?.add([hookedModule(target.module, entries)]);
  }

  guard(value: object, roles: Roles): Guarding {
    if (!this.config.enabled) return { refused: "FLUSHGUARD is off" };
    if (this.#disabled) return { refused: "the guard is disabled" };
    return this.#patcherIfThere()?.guard(value, roles) ?? { refused: GONE };
  }

  /** Makes the file of this process say what its metrics are now, where it is in that directory. */
  async bringInMetrics(directory: string): Promise<void> {
    if (this.config.multiprocess?.directory === resolve(directory)) await this.#clients.made?.bringIn();
  }

  /** Flushes the clients of this process. Never rejects. */
  async drain(options: DrainOptions): Promise<DrainResult> {
    const undrained = { drained: this.#patcher.made === undefined, clients: [] };
    return (await this.#draining.getIfThere()?.drain(options)) ?? undrained;
  }

  /** Whether what the guard averts is told as the process ends. An observer tells of what it sees. */
  get #tellsOfAverted(): boolean {
    return !this.config.observe && (this.config.logLevel === "info" || this.config.logLevel === "debug");
  }

  status(): Status {
    return statusOf(this.config, this.#hooks, [...this.#targets.keys()], this.#patcher.made);
  }

  /** Whether every instance is noted: to be drained, or for what it still has as the process ends to be seen. */
  get #notes(): boolean {
    return this.config.drain !== undefined || this.config.observe;
  }

  /** Starts the guard's own metrics, where they are asked for. */
  #metricModules(): HookedModule[] {
    if (this.config.metrics.length === 0) return [];
    const metrics = this.#metrics.get();
    metrics.start();
    return metrics.modules;
  }

  /** The packages whose metrics live in a directory too. */
  #sharedModules(): HookedModule[] {
    if (this.config.multiprocess === undefined) return [];
    bequeath();
    return SHARED_CLIENTS.map((name) => ({ name, esm: false }));
  }

  #loaded(loaded: LoadedFile): void {
    this.#metrics.made?.loaded(loaded.module, loaded.exports);
    const isShared = this.config.multiprocess !== undefined && SHARED_CLIENTS.includes(loaded.module);
    // Why it has is told of the first file of a client, and would be the same for all of them.
    if (isShared && !this.#clients.hasFailed) this.#clients.get().patch(loaded);
    const entries = this.#targets.get(loaded.module) ?? [];
    const targets = lateFileIfThere(() => entries.flatMap(({ load }) => load())) ?? [];
    if (targets.length === 0) return;
    const areOwn = entries.some((entry) => !builtIn.includes(entry));
    this.#patcherIfThere()?.loaded(loaded, targets, areOwn);
  }

  #engine(): Engine {
    const engine = this.config.observe
      ? (require("./observe/engine.js") as typeof import("./observe/engine.js")).observeEngine
      : (require("./guard/engine.js") as typeof import("./guard/engine.js")).guardEngine;
    return this.#notes ? this.#draining.get().noting(engine) : engine;
  }

  #patcherIfThere(): Patcher | undefined {
    const patcher = this.#patcher.getIfThere();
    if (patcher !== undefined) this.#loadDraining.getIfThere();
    return patcher;
  }
}

const RUNTIME = Symbol.for("flushguard.runtime");

/**
 * The one guard of the process, also when several copies of this package are loaded.
 * @param installHooks how it hooks, where there is none yet
 */
export function runtimeWith(installHooks: InstallHooks): Runtime {
  const holder = globalThis as { [RUNTIME]?: Runtime };
  holder[RUNTIME] ??= new Runtime(installHooks);
  return holder[RUNTIME];
}
