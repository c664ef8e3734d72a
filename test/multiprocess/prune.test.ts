import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { takeFoldLock } from "../../dist/src/multiprocess/merge/fold-lock.js";
import { filesIn, folder, openStore, samples } from "./in-process.js";
import { MAIN } from "./lib/serve.mjs";

const flushguard = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "prune", ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
};

/** A directory with what a dead process has left, and one that lives. */
function directoryWithBoth(): string {
  const directory = folder();
  for (const lives of [false, true]) {
    const store = openStore(directory);
    const jobs = store.family({ name: "jobs_total", help: "Jobs.", type: "counter" });
    store.series(jobs, { kind: "a", at: 'x"\\\n' }).add(1);
    store.series(jobs, { kind: "b" }).add(2);
    store.series(store.family({ name: "old_total", help: "Old.", type: "counter" }), {}).add(4);
    if (lives) store.flush();
    else store.close();
  }
  return directory;
}

test("says what would be removed, and removes it when told to, while the app runs", async () => {
  const directory = directoryWithBoth();
  const before = await samples(directory);
  expect(before.old_total).toBe(8);
  const args = ["--dir", directory, "--metric", "old_total"];
  expect(flushguard(...args)).toEqual({
    status: 0,
    stdout: "Would remove, with --yes:\n  old_total{}\n",
    stderr: "",
  });
  expect(await samples(directory)).toEqual(before);
  expect(flushguard(...args, "--yes")).toEqual({ status: 0, stdout: "Removes:\n  old_total{}\n", stderr: "" });
  expect(await samples(directory)).toEqual({ ...before, old_total: 4 });
  expect(filesIn(directory)).toHaveLength(2);
  expect(flushguard(...args).status).toBe(2);
});

test("takes label sets by their values", async () => {
  const directory = directoryWithBoth();
  const before = await samples(directory);
  const removed = 'jobs_total{kind="a",at="x\\"\\\\\\n"}';
  expect(before[removed]).toBe(2);
  const args = ["--dir", directory, "--metric", "jobs_total", "--label", 'at=x"\\\n', "--label", "kind=a", "--yes"];
  expect(flushguard(...args).status).toBe(0);
  expect(await samples(directory)).toEqual({ ...before, [removed]: 1 });
});

/** While this process is at work on the file. */
async function prunedBeside(directory: string, heldMs: number): Promise<{ status: unknown; stderr: string }> {
  const held = takeFoldLock(directory);
  const child = spawn(process.execPath, [MAIN, "prune", "--dir", directory, "--metric", "old_total", "--yes"]);
  const ended = Promise.all([once(child, "close"), text(child.stderr)]);
  await Promise.race([ended, sleep(heldMs)]);
  held?.release();
  const [[status], stderr] = await ended;
  return { status, stderr };
}

test.each([
  ["what was left before is folded", false],
  ["it is folded already", true],
])("waits while others are at work on the file, where %s", async (_, folded) => {
  const directory = directoryWithBoth();
  const before = await samples(directory);
  if (!folded) {
    const store = openStore(directory);
    store.series(store.family({ name: "old_total", help: "Old.", type: "counter" }), {}).add(8);
    store.close();
  }
  expect(await prunedBeside(directory, 1500)).toEqual({ status: 0, stderr: "" });
  expect(await samples(directory)).toEqual({ ...before, old_total: 4 });
});

test("says so where others are at work on the file for long", async () => {
  const directory = directoryWithBoth();
  const before = await samples(directory);
  const stderr = "flushguard: other processes are at work on the file; try again\n";
  expect(await prunedBeside(directory, 30_000)).toEqual({ status: 1, stderr });
  expect(await samples(directory)).toEqual(before);
});

test.skipIf(process.geteuid?.() !== 0)("to root it says whose directory it is, and leaves it as it is", async () => {
  const directory = directoryWithBoth();
  chownSync(directory, 65534, 65534);
  const { status, stdout, stderr } = flushguard("--dir", directory, "--metric", "old_total", "--yes");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("which is another user's; run as that user (65534), take a folder");
});

const EMPTY = mkdtempSync(join(tmpdir(), "flushguard-"));
afterAll(() => rmSync(EMPTY, { recursive: true }));

test.each([
  [[], "expected --dir, the directory where the processes keep their metrics"],
  [["--dir", EMPTY], "expected --metric, the name of the metric"],
  [["--dir", EMPTY, "--metric", "a", "--label", "x"], '--label is "x", expected name=value'],
  [
    ["--dir", EMPTY, "--metric", "a", "--label", "x=1", "--label", "x=2"],
    "--label gives x twice, expected one value for each label",
  ],
  [["--dir", EMPTY, "--metric", "a"], "no dead process has left anything of a"],
  [["--dir", EMPTY, "--metric", "a", "--label", "x=1"], "no dead process has left anything of a with these labels"],
])("%j: one line, exit code 2", (args, line) => {
  expect(flushguard(...args)).toEqual({
    status: 2,
    stdout: "",
    stderr: `flushguard: ${line} (see flushguard prune --help)\n`,
  });
});
