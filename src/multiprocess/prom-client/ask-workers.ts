import type { Worker } from "node:cluster";
import { createRequire } from "node:module";
import { log } from "../../log.js";
import { clearTimeout, now, setTimeout } from "../../timers.js";
import type { Present } from "../merge/collector.js";
import type { Part } from "../merge/merge.js";
import { partOf } from "./answer.js";

const require = createRequire(import.meta.url);

/** Milliseconds for which a scrape waits for those that have to be asked. */
const DEADLINE_MS = 500;
/** Milliseconds after which a worker that answers and has no file will not make one. */
const SETTLED_MS = 1000;

/** Asks workers for their metrics by the messages of the client, as it does without the directory. */
export class AskWorkers {
  readonly #directory: string;
  /** What those have answered that live and have no file. */
  readonly #answers = new Map<Worker, { metrics: unknown[]; firstMs: number }>();
  /** Those that were late and have not answered since: no further scrape waits for one that is stopped, or still starts. */
  readonly #late = new WeakSet<Worker>();
  #told = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * @param round begins the client's own round, at once
   * @returns the metrics of the workers without one: as of now, or as of before where one is late
   */
  async parts(present: Present, round: () => Promise<unknown>): Promise<Part[]> {
    const connected = workers().filter((worker) => worker.isConnected());
    const missing = connected.filter(({ process: { pid } }) => pid === undefined || !present.hasFile(pid));
    for (const worker of this.#answers.keys()) if (!missing.includes(worker)) this.#answers.delete(worker);
    if (missing.length === 0) return [];
    const late = missing.filter((worker) => this.#late.has(worker));
    const kept = ask(connected, missing, round).map((asked) => ({ worker: asked.worker, done: this.#keep(asked) }));
    await Promise.all(kept.filter(({ worker }) => !late.includes(worker)).map(({ done }) => done));
    this.#tell();
    return [...this.#answers.values()].map(({ metrics }) => partOf(metrics, present.families));
  }

  async #keep({ worker, metrics }: Asked): Promise<void> {
    const answer = await metrics;
    if (answer === undefined) {
      this.#late.add(worker);
      return;
    }
    this.#late.delete(worker);
    // One that has no registry yet says nothing.
    if (answer.flat().length > 0)
      this.#answers.set(worker, { firstMs: now(), ...this.#answers.get(worker), metrics: answer });
  }

  #tell(): void {
    const settled = [...this.#answers].filter(([, { firstMs }]) => now() - firstMs >= SETTLED_MS);
    if (this.#told || settled.length === 0) return;
    this.#told = true;
    const pids = settled.map(([{ process: child }]) => child.pid).join(", ");
    log.warn(
      `${this.#directory}: the workers ${pids} count without it, and what they count ends with them; ` +
        "start them with the flags (cluster.setupPrimary: execArgv) and the environment of this process",
    );
  }
}

interface Asked {
  worker: Worker;
  /** Undefined where it is late. */
  metrics: Promise<unknown[] | undefined>;
}

function workers(): Worker[] {
  const cluster = require("node:cluster") as typeof import("node:cluster").default;
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

/** The round of the client asks all that are connected, and at once; what it makes of the answers is not needed. */
function ask(connected: readonly Worker[], missing: readonly Worker[], round: () => Promise<unknown>): Asked[] {
  const asked: Asked[] = [];
  for (const worker of connected) {
    if (!missing.includes(worker)) worker.isConnected = () => false;
  }
  for (const worker of missing) {
    worker.send = (...args) => {
      const { requestId } = args[0] as { requestId?: unknown };
      asked.push({ worker, metrics: answerOf(worker, requestId) });
      // With a callback, as a worker that is killed just now would otherwise end the app by an error event.
      return Object.getPrototypeOf(worker).send.call(worker, ...args, () => {});
    };
  }
  try {
    round().catch(() => {});
  } finally {
    for (const worker of connected) {
      delete (worker as Partial<Worker>).isConnected;
      delete (worker as Partial<Worker>).send;
    }
  }
  return asked;
}

type Answered = (metrics?: unknown[]) => void;

/** Those that wait for an answer, by request: a worker that is late has one listener for all that it is asked meanwhile. */
const questions = new WeakMap<Worker, Map<unknown, Answered>>();

function answerOf(worker: Worker, requestId: unknown): Promise<unknown[] | undefined> {
  return new Promise((resolve) => {
    const answered: Answered = (metrics) => {
      clearTimeout(timer);
      asked.delete(requestId);
      if (asked.size === 0) {
        worker.off("message", onAnswer);
        questions.delete(worker);
      }
      resolve(metrics);
    };
    const timer = setTimeout(answered, DEADLINE_MS);
    const asked = questions.get(worker) ?? new Map<unknown, Answered>();
    asked.set(requestId, answered);
    if (questions.has(worker)) return;
    questions.set(worker, asked);
    worker.on("message", onAnswer);
  });
}

function onAnswer(this: Worker, message: { requestId?: unknown; metrics?: unknown } | null): void {
  if (Array.isArray(message?.metrics)) questions.get(this)?.get(message.requestId)?.(message.metrics as unknown[]);
}
