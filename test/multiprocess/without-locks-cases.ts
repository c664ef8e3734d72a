import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { TestNode } from "../nodes/nodes.js";
import { folder } from "./in-process.js";
import { refusal, UNSHARE } from "./lib/namespaces.mjs";
import { filesIn } from "./lib/read.mjs";
import { launch, run } from "./lib/run.mjs";

export const NO_LOCKS: Record<string, string> = {
  NODE_OPTIONS: `--require ${fileURLToPath(new URL("./lib/without-locks.cjs", import.meta.url))}`,
};
const LIB = fileURLToPath(new URL("./lib/", import.meta.url));

/** Where a fold that was killed leaves what says so. */
export const lockFile = (directory: string) => join(directory, "retained.v1.flushguard.lock");

/** What a reader without locks sees. */
export async function read(directory: string, node = process.execPath): Promise<object> {
  const { samples, warnings } = await run("reader-app", { directory }, { guarded: false, node, env: NO_LOCKS });
  expect(warnings).toEqual([]);
  return samples;
}

export const count = (directory: string, node = process.execPath, env = NO_LOCKS) =>
  run("client-app", { client: "prom-client", scenario: "idle", api: "" }, { guarded: true, directory, node, env });

const lock = (directory: string, scenario: string, node: string) =>
  run("fold-lock-app", { directory, scenario }, { guarded: false, node, env: NO_LOCKS });

export const seen = (value: number, badFiles = 0) => ({
  c_total: value,
  flushguard_multiprocess_bad_files_total: badFiles,
});

/** A program that lives until its input ends, with the test at the latest, once it has said something. */
async function staying(node: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(node, args, { cwd: LIB, env, stdio: ["pipe", "pipe", "inherit"] });
  // Whatever it has started has let go of its output too.
  const ended = once(child, "close");
  const end = async () => {
    child.stdin.end();
    await ended;
  };
  onTestFinished(end);
  const [said] = await once(child.stdout, "data");
  return { child, ended, end, said: String(said) };
}

/** A process that has counted to ten. */
export function stay(directory: string, node = process.execPath, locks = NO_LOCKS) {
  const { flags, env } = launch({ guarded: true, directory, env: locks });
  const code = `const { Counter } = require("prom-client");
    new Counter({ name: "c_total", help: "C." }).inc(10);
    setTimeout(() => console.log("counted"), 10);
    process.stdin.resume().on("end", () => process.exit());`;
  return staying(node, [...flags, "--eval", code], env);
}

/** A process that has the lock to fold. */
async function hold(directory: string, node: string) {
  const { env } = launch({ guarded: false, env: NO_LOCKS });
  const options = JSON.stringify({ directory, scenario: "hold" });
  const holder = await staying(node, ["fold-lock-app.mjs", options], env);
  expect(holder.said).toBe("true");
  return holder;
}

/**
 * A process that is killed while it folds.
 * @param contained whether in a pid namespace of its own
 */
async function foldKilled(directory: string, node: string, contained: boolean) {
  const { env } = launch({ guarded: false, env: NO_LOCKS });
  const args = ["reader-app.mjs", JSON.stringify({ directory, stuck: true })];
  const { child, ended, said } = await (contained
    ? staying("unshare", [...UNSHARE, node, ...args], env)
    : staying(node, args, env));
  expect(said).toBe("folding");
  child.kill("SIGKILL");
  await ended;
  expect(existsSync(lockFile(directory))).toBe(true);
}

const refused = refusal();

/** Before Node 22.13 there is no `node:sqlite`. */
const hasSqlite = (version: string) => Number.parseInt(version, 10) >= 22;

/** What is the same on all Nodes. @param others that it shares directories with */
export function describeNodes(nodes: readonly TestNode[], others: readonly TestNode[]): void {
  describe.each(nodes.map((node) => ({ ...node, sqlite: hasSqlite(node.version) })))("$name", ({ binary, sqlite }) => {
    test("process ids tell who lives, and one process at a time folds", async () => {
      const directory = folder();
      await stay(directory, binary);
      for (let i = 0; i < 2; i++) {
        await Promise.all([1, 2, 3].map(() => count(directory, binary)));
        expect(await read(directory, binary)).toEqual(seen(10 + (i + 1) * 3));
      }
      expect(filesIn(directory)).toHaveLength(2);
      expect(existsSync(join(directory, "retained.v1.flushguard.sqlite"))).toBe(sqlite);
    });

    test("threads of a process exclude each other", async () => {
      expect(await lock(folder(), "threads", binary)).toEqual({ held: [false, false], released: [true, true] });
    });

    test("processes exclude each other, whichever Node they run", async () => {
      const directory = folder();
      const holder = await hold(directory, binary);
      const ask = () => Promise.all(others.map((other) => lock(directory, "try", other.binary)));
      expect(await ask()).toEqual(others.map(() => false));
      await holder.end();
      for (const other of others) expect(await lock(directory, "try", other.binary)).toBe(true);
    });

    test("the lock of a process that was killed while it folded is free at once", async () => {
      const directory = folder();
      await count(directory, binary);
      await foldKilled(directory, binary, false);
      expect(await read(directory, binary)).toEqual(seen(1));
      expect(await read(directory, binary)).toEqual(seen(1));
      expect(filesIn(directory)).toEqual(["retained.v1.flushguard"]);
    });

    const inContainer = sqlite ? "is free to all who have SQLite" : "stays, as its id says nothing here";
    test(`that of one in another container ${inContainer}${refused ? ` (no namespaces here: ${refused})` : ""}`, async () => {
      if (refused !== undefined) return;
      for (const reader of others) {
        const directory = folder();
        await count(directory, binary);
        await foldKilled(directory, binary, true);
        expect(await read(directory, reader.binary)).toEqual(seen(1));
        const free = sqlite && hasSqlite(reader.version);
        expect(existsSync(lockFile(directory))).toBe(!free);
        expect(filesIn(directory)).toHaveLength(free ? 1 : 2);
      }
    });

    test("where the database cannot be opened the file alone is the lock", async () => {
      const directory = folder();
      mkdirSync(join(directory, "retained.v1.flushguard.sqlite"));
      await count(directory, binary);
      const holder = await hold(directory, binary);
      expect(await lock(directory, "try", binary)).toBe(false);
      await holder.end();
      expect(await read(directory, binary)).toEqual(seen(1));
      expect(filesIn(directory).filter((name) => name.endsWith(".flushguard"))).toEqual(["retained.v1.flushguard"]);
    });
  });
}
