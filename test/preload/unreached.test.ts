import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { cli } from "../cli/cli.js";
import { runNode } from "../hooks/run-node.js";
import { NODES } from "../nodes/nodes.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const ARGUMENT = ["--import", REGISTER];
const REQUIRED = ["--require", fileURLToPath(new URL("../../dist/register.cjs", import.meta.url))];
const VARIABLE = { NODE_OPTIONS: `--import=${REGISTER}` };
const THREAD =
  "flushguard: a worker thread was started without the preload, from a string (eval: true) or with options or an environment of " +
  "its own: what it records is not guarded. Start with --require flushguard/register: it reaches threads made from a string, in " +
  "NODE_OPTIONS also those with an execArgv of their own, on the command line also those with an env of their own\n";
const PROCESS =
  "flushguard: a Node process was started without the preload, with options or an environment of its own: what it records is not " +
  'guarded. "npx flushguard doctor" prints what to set NODE_OPTIONS to\n';

const APART =
  "flushguard: a Node process was started without FLUSHGUARD_MULTIPROCESS_DIR, with an environment of its own: its metrics are " +
  "missing in the totals. Start it with the variables of this process too: env: { ...process.env }\n";

for (const node of NODES.slice(-1)) {
  const told = async (way: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
    const run = await runNode(node.binary, [...args, "./hooks/unreached.mjs", way], env);
    expect(run.code).toBe(0);
    return run.stderr;
  };

  describe.concurrent(`${node.name}, the parent tells, once, of what its preload does not reach`, () => {
    test.for([
      ["worker, execArgv: []", THREAD],
      ["eval worker", THREAD],
      ["eval worker, execArgv: []", THREAD],
      ["eval worker, process.exit(3)", THREAD],
      ["eval worker, that lives on", THREAD],
      ["eval worker, in an app that exits with it", THREAD],
      ["eval worker, ended when it has answered", THREAD],
      ["fork, execArgv: []", PROCESS],
      ["spawn", PROCESS],
      ["exec", PROCESS],
    ] as const)("--import: %s", async ([way, line]) => {
      expect(await told(way, ARGUMENT, {})).toBe(line);
    });

    test.for([
      ["eval worker", THREAD],
      ["spawn, env: {}", PROCESS],
      ["exec, env: {}", PROCESS],
      ["fork, NODE_OPTIONS taken out", PROCESS],
    ] as const)("NODE_OPTIONS: %s", async ([way, line]) => {
      expect(await told(way, [], VARIABLE)).toBe(line);
    });

    test.for([
      ["fork, env: {}", { FLUSHGUARD_MULTIPROCESS_DIR: join(tmpdir(), "flushguard-unreached") }, APART],
      ["worker, env: {}", { FLUSHGUARD_MULTIPROCESS_DIR: join(tmpdir(), "flushguard-unreached") }, ""],
      ["fork", { FLUSHGUARD_MULTIPROCESS_DIR: join(tmpdir(), "flushguard-unreached") }, ""],
      ["fork, env: {}", {}, ""],
    ] as const)("the directory of several processes: %j", async ([way, env, said]) => {
      expect(await told(way, ARGUMENT, env)).toBe(said);
    });

    test.for([
      ["eval worker", REQUIRED, {}],
      ["eval worker, env: {}", REQUIRED, {}],
      ["eval worker, ended when it has answered", REQUIRED, {}],
      ["eval worker", [], { NODE_OPTIONS: REQUIRED.join(" ") }],
      ["eval worker, execArgv: []", [], { NODE_OPTIONS: REQUIRED.join(" ") }],
    ] as const)("--require reaches what the line says: %j", async ([way, args, env]) => {
      expect(await told(way, args, env)).toBe("");
    });

    test.for([
      "worker",
      "worker, ended at once",
      "worker, ended when it has answered",
      "worker with ten listeners",
      "the thread of the app's own hooks",
      "fork",
    ])("--import reaches %s: nothing is said", async (way) => {
      expect(await told(way, ARGUMENT, {})).toBe("");
    });

    test("--import reaches a worker after another preload, in a process that is frozen meanwhile: nothing is said", async () => {
      const wait = "if (!isMainThread) await new Promise((go) => setTimeout(go, 2000))";
      const slow = `data:text/javascript,import { isMainThread } from "node:worker_threads"; ${wait}`;
      const way = "worker, in a process that is frozen for longer than a thread is watched";
      expect(await told(way, ["--import", slow, ...ARGUMENT], {})).toBe("");
    });

    test.for([
      "worker",
      "fork",
      "spawn",
      "exec",
      "spawn of something else, env: {}",
      "exec of something else, env: {}",
    ])("NODE_OPTIONS reaches %s: nothing is said", async (way) => {
      expect(await told(way, [], VARIABLE)).toBe("");
    });

    test("the package's own command starts clients without it: nothing is said", () => {
      const { status, stderr } = cli(["verify", "hot-shots"], ROOT, VARIABLE);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    });
  });
}
