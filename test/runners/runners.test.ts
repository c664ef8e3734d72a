import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import install from "./install.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const VITEST = here("../../node_modules/vitest/vitest.mjs");
const JEST = here("./node_modules/jest/bin/jest.js");
const dist = (file: string) => here(`../../dist/${file}`);
const nodes = [NODES[0], NODES.at(-1)] as (typeof NODES)[0][];

interface Tests {
  passed: number;
  failed: number;
  stderr: string;
}

/** Runs a runner on the tests of a folder; its report is JSON. */
function run(binary: string, args: readonly string[], env: NodeJS.ProcessEnv, folder: string): Promise<Tests> {
  const { NODE_OPTIONS: _, VITEST: __, ...inherited } = process.env;
  const options = { cwd: here(folder), env: { ...inherited, ...env }, timeout: 100_000 };
  return new Promise((resolve, reject) => {
    execFile(binary, args, options, (_error, stdout, stderr) => {
      const start = stdout.indexOf("{");
      if (start === -1) return reject(new Error(stdout + stderr));
      const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(stdout.slice(start));
      resolve({ passed, failed, stderr });
    });
  });
}

/** The environment of a file whose clients' records leave at its teardown, and what has been sent. */
function teardown() {
  const SENT = join(mkdtempSync(join(tmpdir(), "flushguard-")), "sent");
  const sent = () => readFileSync(SENT, "utf8").trimEnd().split("\n").length;
  return { env: { SENT, FLUSHGUARD_DRAIN: "manual" }, sent };
}

beforeAll(install, 300_000);

for (const { name, binary } of nodes) {
  describe(name, { timeout: 120_000 }, () => {
    const vitest = (pool: string, env: NodeJS.ProcessEnv, file = "race") =>
      run(
        binary,
        [VITEST, "run", file, "--config", "./config.mjs", "--reporter", "json", "--pool", pool],
        env,
        "./vitest/",
      );

    test.for(["forks", "threads"])("vitest, %s: the setup file guards both copies", async (pool) => {
      expect(await vitest(pool, { SETUP: dist("runners-vitest.js") })).toEqual({ passed: 2, failed: 0, stderr: "" });
    });

    test("vitest, vmThreads: so does it, and says no more than which of the installed clients are left as they are", async () => {
      const run = await vitest("vmThreads", { SETUP: dist("runners-vitest.js") });
      expect(run).toMatchObject({ passed: 2, failed: 0 });
      expect(run.stderr).toMatch(
        /^(?:flushguard: \S+ \S+ is left as it is: (?:version .*|in .* cannot be replaced)\n)*$/,
      );
    });

    test("vitest: both lose without", async () => {
      expect(await vitest("threads", {})).toMatchObject({ passed: 0, failed: 2 });
    });

    test.for(["forks", "threads"])("vitest, %s: so does the preload", async (pool) => {
      const preload = { NODE_OPTIONS: `--import=${dist("register.js")}` };
      expect(await vitest(pool, preload)).toMatchObject({ passed: 2, failed: 0 });
    });

    test.for(["forks", "threads", "vmThreads"])("vitest, %s: a teardown drains", async (pool) => {
      const { env, sent } = teardown();
      const setup = { ...env, SETUP: dist("runners-vitest.js") };
      expect(await vitest(pool, setup, "teardown")).toMatchObject({ passed: 1, failed: 0 });
      expect(sent()).toBe(10);
    });

    const jest = (config: object, env: NodeJS.ProcessEnv = {}) =>
      run(
        binary,
        [JEST, "--json", "--config", JSON.stringify({ testMatch: ["**/race.test.cjs"], rootDir: ".", ...config })],
        env,
        "./jest/",
      );

    test("jest: a teardown drains", async () => {
      const { env, sent } = teardown();
      const config = { testMatch: ["**/teardown.test.cjs"], setupFiles: [dist("runners-jest.cjs")] };
      expect(await jest(config, env)).toMatchObject({ passed: 1, failed: 0 });
      expect(sent()).toBe(10);
    });

    test("jest: the setup file guards what a test requires, without a flag of Node's", async () => {
      const guarded = await jest({ setupFiles: [dist("runners-jest.cjs")] });
      expect(guarded).toMatchObject({ passed: 3, failed: 0 });
      expect(guarded.stderr).not.toContain("flushguard");
      expect(await jest({})).toMatchObject({ passed: 1, failed: 2 });
    });
  });
}
