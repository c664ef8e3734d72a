import { createRequire } from "node:module";
import type { Config } from "../config/index.js";
import type { Engine } from "../guard/engine.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import { log } from "../log.js";
import { addProcessListener, removeProcessListener } from "../process-listeners.js";
import { BeforeExit } from "./before-exit.js";
import { Drain } from "./drain.js";
import { noting } from "./noting.js";
import type { DrainOptions, DrainResult } from "./result.js";
import { Signals } from "./signals.js";
import { Stranded } from "./stranded.js";
import { wanted } from "./wanted.js";

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

/** The drains of this process: those that are asked for, and those that FLUSHGUARD_DRAIN asks for. */
export class Draining {
  readonly #config: Config;
  readonly #drain: Drain;
  readonly #signals: Signals;
  readonly #beforeExit: BeforeExit;
  readonly #stranded: Stranded;
  readonly #exiting = (): void => {
    this.#signals.exiting();
    this.#stranded.count();
  };
  #started = false;
  #toldOfUnknown = false;

  /** @param classes the guarded classes there are */
  constructor(config: Config, classes: () => readonly GuardedClass[]) {
    this.#config = config;
    this.#drain = new Drain(classes);
    const atEnd = (): Promise<boolean> => this.#atEnd();
    this.#signals = new Signals(atEnd);
    this.#beforeExit = new BeforeExit(() => this.#drain.isTouched, atEnd);
    this.#stranded = new Stranded(classes, config.observe ? sawStranded() : undefined);
  }

  /** Prepares for what FLUSHGUARD_DRAIN asks for. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    addProcessListener("exit", this.#exiting, true);
    if (this.#config.observe) return;
    const triggers = this.#config.drain ?? [];
    // That of an extension, before a function's environment is taken down.
    this.#signals.prepare(triggers.includes("lambda") ? [...triggers, "SIGTERM"] : triggers);
    if (triggers.includes("lambda")) this.#startLambda();
  }

  /** Takes everything out again. */
  stop(): void {
    this.#started = false;
    this.#signals.stop();
    this.#beforeExit.stop();
    removeProcessListener("exit", this.#exiting);
  }

  /** An engine that also notes the instances, from the first of which on there is something to drain. */
  noting(engine: Engine): Engine {
    return noting(engine, () => this.#noted());
  }

  /** Never rejects. */
  async drain(options: DrainOptions): Promise<DrainResult> {
    const { timeoutMs, targets, problems } = wanted(options, this.#config.drainTimeoutMs);
    for (const problem of problems) log.warn(problem);
    if (this.#config.drain === undefined && !this.#toldOfUnknown) {
      this.#toldOfUnknown = true;
      log.info("drain(): FLUSHGUARD_DRAIN is not set, so clients that have only recorded so far are not known");
    }
    return await this.#drain.run(timeoutMs, targets);
  }

  #noted(): void {
    if (!this.#started || this.#config.observe) return;
    const triggers = this.#config.drain ?? [];
    this.#signals.arm();
    // A function's runtime lets its loop run out after every invocation.
    if (triggers.includes("beforeExit") && !isFunction) this.#beforeExit.arm();
  }

  /** @returns whether every client has settled in time */
  async #atEnd(): Promise<boolean> {
    const begun = performance.now();
    const { drainTimeoutMs } = this.#config;
    const { clients } = await this.#drain.runToTheEnd(
      isFunction ? Math.min(drainTimeoutMs, FUNCTION_END_MS) : drainTimeoutMs,
    );
    for (const { target, state, reason } of clients) {
      if (reason !== undefined) log.warn(`${target}: ${state} as the process ended: ${reason}`);
    }
    log.info(`${clients.length} clients drained in ${Math.round(performance.now() - begun)} ms`);
    return clients.every(({ state }) => state !== "timed out");
  }

  #startLambda(): void {
    const { wrapHandler } = require("./lambda/index.js") as typeof import("./lambda/index.js");
    wrapHandler((limitMs) => this.#drain.run(Math.min(limitMs, this.#config.drainTimeoutMs), undefined, "impatient"));
  }
}
