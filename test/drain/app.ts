import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Sink } from "./sink.js";

const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const APPS = fileURLToPath(new URL("../fixtures/drain/", import.meta.url));

export interface Options {
  /** FLUSHGUARD_DRAIN; empty: the preload without it; absent: no preload at all. */
  drain?: string | undefined;
  binary?: string;
  clients?: string;
  env?: NodeJS.ProcessEnv;
  sink?: Sink;
  /** Options of Node in front of the preload. */
  before?: readonly string[];
  /** In front of the program, such as `unshare`. */
  under?: readonly string[];
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Milliseconds since it was signalled last, or since it was started. */
  ms: number;
}

export class App {
  readonly process: ChildProcess;
  #stdout = "";
  #stderr = "";
  #since = performance.now();
  readonly #closed: Promise<unknown>;

  constructor(
    file: string,
    { drain, binary = process.execPath, clients = "", env, sink, before = [], under = [] }: Options,
  ) {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const preload = drain === undefined ? [] : ["--import", REGISTER];
    const [command, ...args] = [...under, binary, ...before, ...preload, file];
    const own = drain ? { FLUSHGUARD_DRAIN: drain } : {};
    this.process = spawn(command, args, {
      cwd: APPS,
      env: { ...inherited, CLIENTS: clients, ...own, ...sink?.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#stdout += chunk;
    });
    this.process.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#stderr += chunk;
    });
    this.#closed = once(this.process, "close");
  }

  /** Waits until the app has printed a word. */
  async prints(word: string): Promise<void> {
    while (!this.#stdout.includes(word)) {
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`it ended: ${this.#stderr}`);
      await Promise.race([once(this.process.stdout as NodeJS.ReadableStream, "data"), this.#closed]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#since = performance.now();
    this.process.kill(signal);
  }

  /** Waits until it has ended; kills it after `withinMs` milliseconds. */
  async ended(withinMs = 50_000): Promise<Ended> {
    const timer = setTimeout(() => this.process.kill("SIGKILL"), withinMs);
    await this.#closed;
    clearTimeout(timer);
    const { exitCode: code, signalCode: signal } = this.process;
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr, ms: performance.now() - this.#since };
  }
}
