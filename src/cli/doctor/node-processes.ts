import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isOff } from "../../config/switch.js";
import { isNode } from "./is-node.js";

/** A process of Node's that came from an app, by whatever it was started. */
export interface NodeProcess {
  pid: number;
  /** With the path of Node. */
  command: string[];
  /** The processes that it came from, the nearest first. */
  from: number[];
  /** Whether its environment switches the preload off. */
  off: boolean;
}

/** A process of Node's lives longer: its start alone takes more. */
const EVERY_MS = 10;

/** Of a process that has not begun a program yet: it is still what has made it. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const FORKED = 0x40;

/** Watches the processes of an app where the system shows them, in Linux's `/proc`. */
export class NodeProcesses {
  readonly #found = new Map<number, NodeProcess>();
  /** The parents of those of the app that are alive; undefined: it is another's. */
  readonly #parents = new Map<number, number | undefined>();
  readonly #root: number;
  readonly #mark: string;
  readonly #timer: NodeJS.Timeout | undefined;
  /** Whether they can be seen here. */
  readonly areShown = read("self/stat") !== "";

  /**
   * @param root id of the process that was started
   * @param mark a variable of its environment, `NAME=value`, by which one is known whose parent has ended
   */
  constructor(root: number, mark: string) {
    this.#root = root;
    this.#mark = mark;
    if (this.areShown) this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** @returns those that were seen */
  stop(): NodeProcess[] {
    clearInterval(this.#timer);
    return [...this.#found.values()];
  }

  #look(): void {
    const alive = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
    for (const pid of alive) {
      if (!this.#parents.has(pid)) this.#parents.set(pid, this.#parentOf(pid));
      if (this.#parents.get(pid) !== undefined && !this.#found.has(pid)) this.#judge(pid);
    }
    const living = new Set(alive);
    for (const pid of this.#parents.keys()) if (!living.has(pid)) this.#parents.delete(pid);
  }

  #parentOf(pid: number): number | undefined {
    const parent = Number(statOf(pid)[1]);
    const isOwn =
      pid === this.#root || this.#parents.get(parent) !== undefined || variablesOf(pid).includes(this.#mark);
    return isOwn ? parent : undefined;
  }

  #judge(pid: number): void {
    const command = wordsOf(pid);
    if (command.length === 0 || (Number(statOf(pid)[6]) & FORKED) !== 0 || !isNode(programOf(pid))) return;
    const variable = variablesOf(pid).find((one) => one.startsWith("FLUSHGUARD="));
    const off = isOff(variable?.slice("FLUSHGUARD=".length));
    this.#found.set(pid, { pid, command, from: this.#from(pid), off });
  }

  #from(pid: number): number[] {
    const parent = this.#parents.get(pid);
    return parent === undefined ? [] : [parent, ...this.#from(parent)];
  }
}

/** Nothing where it has ended, or may not be read. */
function read(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return "";
  }
}

/** What is behind the name of its program, which may have blanks and brackets in it. */
function statOf(pid: number): string[] {
  const stat = read(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function variablesOf(pid: number): string[] {
  return read(`${pid}/environ`).split("\0");
}

function wordsOf(pid: number): string[] {
  return read(`${pid}/cmdline`).split("\0").slice(0, -1);
}

/** That of another user's process may not be asked for; how it was called may. */
function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return wordsOf(pid)[0] ?? "";
  }
}
