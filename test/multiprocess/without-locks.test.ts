import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { result } from "../guard/child.js";
import { filesIn, folder, samples } from "./in-process.js";
import { launch, run } from "./lib/run.mjs";

const STUB = fileURLToPath(new URL("./lib/without-locks.cjs", import.meta.url));
const NO_LOCKS = { NODE_OPTIONS: `--require ${STUB}` };

/** What a reader without locks sees, and how many files it leaves. */
const read = (directory: string) =>
  result(
    `const { collect } = await import(dist + "multiprocess/collect.js");
     const all = (await collect(process.env.DIRECTORY)).flatMap(({ samples }) => samples);
     console.log(JSON.stringify(Object.fromEntries(all.map(({ name, value }) => [name, value]))));`,
    ["--require", STUB],
    { DIRECTORY: directory },
  );

const count = (directory: string, env = {}) =>
  run("client-app", { client: "prom-client", scenario: "idle", api: "" }, { guarded: true, directory, env });

const seen = (value: number) => ({ c_total: value, flushguard_multiprocess_bad_files_total: 0 });

/** A process that lives until the test ends. */
async function stay(directory: string): Promise<void> {
  const { flags, env } = launch({ guarded: true, directory, env: NO_LOCKS });
  const code = `const { Counter } = require("prom-client");
    new Counter({ name: "c_total", help: "C." }).inc(10);
    setTimeout(() => console.log("counted"), 10);
    process.stdin.resume().on("end", () => process.exit());`;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const child = spawn(process.execPath, [...flags, "--eval", code], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, "exit");
  });
  await once(child.stdout, "data");
}

test("without kernel locks process ids tell who lives, and one process at a time folds", async () => {
  const directory = folder();
  await stay(directory);
  for (let i = 0; i < 4; i++) await count(directory, NO_LOCKS);
  for (let i = 0; i < 2; i++) expect(await read(directory)).toEqual(seen(14));
  expect(filesIn(directory)).toHaveLength(2);
});

test("the lock that a process has left when it was killed is taken over", async () => {
  const directory = folder();
  await count(directory, NO_LOCKS);
  const dead = { pid: 2 ** 22 + 1, started: "1", threadId: 0, random: "a", namespace: "", locked: false };
  const [own] = await result<[string]>(
    `const { pidNamespace } = await import(dist + "multiprocess/store/identity.js"); console.log(JSON.stringify([pidNamespace()]));`,
  );
  writeFileSync(join(directory, "retained.flushguard.lock"), JSON.stringify({ ...dead, namespace: own }));
  expect(await read(directory)).toEqual(seen(1));
  expect(filesIn(directory)).toEqual(["retained.flushguard"]);
});

test("a reader with locks takes no writer without for dead, nor the other way round", async () => {
  const directory = folder();
  await stay(directory);
  await count(directory);
  for (let i = 0; i < 2; i++) {
    expect(await samples(directory)).toEqual({ c_total: 11 });
    expect(await read(directory)).toEqual(seen(11));
  }
  expect(filesIn(directory)).toHaveLength(2);
});
