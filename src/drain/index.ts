import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import { didYouMean } from "../config/did-you-mean.js";
import type { Config } from "../config/index.js";
import type { Engine } from "../guard/engine.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { log } from "../log.js";
import { addProcessCallback, removeProcessCallback } from "../process-events.js";
import { now } from "../timers.js";
import { BeforeExit } from "./before-exit.js";
import { Drain } from "./drain.js";
import { noting } from "./noting.js";
import { checkedOptions } from "./options.js";
import type { DrainOptions, DrainResult } from "./result.js";
import { Signals } from "./signals.js";
import { Stranded } from "./stranded.js";
import { DrainedThread, Threads } from "./threads.js";

const require = createRequire(import.meta.url);

/** Whether this process runs a function of AWS Lambda. */
const isFunction = process.env.AWS_LAMBDA_RUNTIME_API !== undefined;
/** Milliseconds that a function has when its environment is taken down: 500, of which some are its runtime's. */
const FUNCTION_END_MS = 400;

/** Counts them as a hazard that was seen. */
function sawStranded(): (stranded: ReadonlyMap<string, number>) => void {
  const { saw, summariseAtExit } = require("../observe/seen.js") as typeof import("../observe/seen.js");
  summariseAtExit();
  return (stranded) => {
    for (const [target, records] of stranded) saw(target, "stranded", records);
  };
}

/** What a process has to drain. */
export interface Known {
  /** The guarded classes there are. */
  classes(): readonly GuardedClass[];
  /** The targets that a client of this process can be of. */
  targets(): Iterable<string>;
  /** Whether the guard is on. */
  isOn(): boolean;
}

/** The drains of this process: those that are asked for, and those that FLUSHGUARD_DRAIN asks for. */
export class Draining {
  readonly #config: Config;
  readonly #known: Known;
  readonly #drain: Drain;
  readonly #signals: Signals;
  readonly #beforeExit: BeforeExit;
  /** Of the main thread: those that it drains before it dies of a signal. */
  readonly #threads: Threads;
  /** Of any other: what it is then asked by. */
  readonly #thread: DrainedThread;
  readonly #stranded: Stranded;
  readonly #exiting = (): void => {
    this.#signals.exiting();
    this.#stranded.count();
  };
  #started = false;
  readonly #told = new Set<string>();

  constructor(config: Config, known: Known) {
    this.#config = config;
    this.#known = known;
    const classes = (): readonly GuardedClass[] => known.classes();
    this.#drain = new Drain(classes);
    const atEnd = (): Promise<boolean> => this.#atEnd();
    this.#signals = new Signals(atEnd);
    this.#beforeExit = new BeforeExit(() => this.#drain.isTouched || this.#threads.isTouched, atEnd);
    this.#threads = new Threads(() => this.#noted());
    this.#thread = new DrainedThread(atEnd);
    this.#stranded = new Stranded(classes, config.observe ? sawStranded() : undefined);
  }

  /** Prepares for what FLUSHGUARD_DRAIN asks for. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    addProcessCallback("exit", this.#exiting, true);
    if (this.#config.observe) return;
    const triggers = this.#config.drain ?? [];
    // That of an extension, before a function's environment is taken down.
    this.#signals.prepare(triggers.includes("lambda") ? [...triggers, "SIGTERM"] : triggers);
    // A function's runtime lets its loop run out after every invocation.
    if (triggers.includes("beforeExit") && !isFunction) this.#beforeExit.start();
    if (triggers.includes("lambda")) this.#startLambda();
    if (triggers.length > 0) this.#threads.start();
  }

  /** Takes everything out again. */
  stop(): void {
    this.#started = false;
    this.#signals.stop();
    this.#beforeExit.stop();
    this.#threads.stop();
    this.#thread.stop();
    removeProcessCallback("exit", this.#exiting);
  }

  /** An engine that also notes the instances, from the first of which on there is something to drain. */
  noting(engine: Engine): Engine {
    return noting(engine, () => this.#noted());
  }

  /** Never rejects. */
  async drain(options: DrainOptions): Promise<DrainResult> {
    const { timeoutMs, targets, problems } = checkedOptions(options, this.#config.drainTimeoutMs);
    for (const line of [...problems, ...this.#unknown(targets ?? []), ...this.#gap()]) this.#tellOnce(line);
    return await this.#drain.run(timeoutMs, targets);
  }

  /** Names that no client of this process can have. */
  #unknown(targets: readonly string[]): string[] {
    const names = new Set([...this.#known.targets(), ...this.#known.classes().map(({ name }) => name)]);
    const unknown = targets.filter((name) => !names.has(name));
    if (unknown.length === 0 || !this.#known.isOn()) return [];
    return unknown.map(
      (name) => `drain().targets: ${JSON.stringify(name)} is no client known here${didYouMean(name, names)}`,
    );
  }

  /** Why clients may not be known, unless the guard is off. */
  #gap(): string[] {
    if (!this.#config.enabled || this.#config.drain !== undefined) return [];
    if (!this.#known.isOn()) return ["drain(): the guard is not on in this process, so no client is known"];
    return [
      "drain(): FLUSHGUARD_DRAIN is not set (manual is enough), so clients that have only recorded so far are not known",
    ];
  }

  #tellOnce(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    log.warn(line);
  }

  #noted(): void {
    if (!this.#started || this.#config.observe) return;
    if (isMainThread) this.#signals.arm();
    else if (this.#config.drain?.length) this.#thread.start();
  }

  /** @returns whether every client has settled in time */
  async #atEnd(): Promise<boolean> {
    const begun = now();
    const { drainTimeoutMs } = this.#config;
    const limitMs = isFunction ? Math.min(drainTimeoutMs, FUNCTION_END_MS) : drainTimeoutMs;
    const [{ clients }, lateThreads] = await Promise.all([
      this.#drain.runToTheEnd(limitMs),
      this.#threads.drain(limitMs),
    ]);
    if (lateThreads > 0)
      log.warn(`worker threads that had not drained after ${limitMs} ms as the process ended: ${lateThreads}`);
    for (const { target, state, reason } of clients) {
      if (reason !== undefined) log.warn(`${target}: ${state} as the process ended: ${reason}`);
    }
    log.info(`${clients.length} clients drained in ${Math.round(now() - begun)} ms`);
    return lateThreads === 0 && clients.every(({ state }) => state !== "timed out");
  }

  #startLambda(): void {
    const { wrapHandler } = require("./lambda/index.js") as typeof import("./lambda/index.js");
    wrapHandler((limitMs) => this.#drain.run(Math.min(limitMs, this.#config.drainTimeoutMs), undefined, "impatient"));
  }
}
