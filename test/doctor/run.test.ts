import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { allTargets } from "../../dist/src/chosen-targets.js";
import type { Client } from "../../dist/src/cli/doctor/client.js";
import type { RunDiagnosis } from "../../dist/src/cli/doctor/diagnosis.js";
import { judged } from "../../dist/src/cli/doctor/processes.js";
import { loadConfig } from "../../dist/src/config/index.js";
import type { Counters } from "../../dist/src/index.js";
import type { ProcessReport } from "../../dist/src/process-report.js";
import { cli } from "../cli/cli.js";
import { directoryWith } from "../config/helpers.js";
import { NODES } from "../nodes/nodes.js";
import { runApp } from "../patch/run-app.js";
import { loadedBy } from "../preload/loaded-scripts.js";
import { at, diagnosed, REGISTER, start } from "./apps.js";

const FLAGSMITH = new URL("../../node_modules/flagsmith-nodejs/build/esm/index.js", import.meta.url).href;
const BEHIND_FLAGSMITH = { env: { NODE_OPTIONS: `--import=${FLAGSMITH} --import=${REGISTER}` } };
/** Whether the system shows what other programs than Node start. */
const SHOWN = process.platform === "linux";
const states = (clients: readonly Client[]) => clients.map(({ module, state }) => `${module}: ${state}`);

describe("an app that is started by the doctor", () => {
  it("has its own input, output, arguments, environment and end", async () => {
    const env = { OWN: "its own", TMPDIR: directoryWith({}) };
    const run = await diagnosed(["echo.mjs", "--json", "two"], { input: "from stdin\n", env });
    expect(run.stdout).toBe("from stdin\n--json,two its own\n");
    expect(run.stderr).toBe("to stderr");
    expect(run.diagnosis.app).toMatchObject({ exitCode: 7 });
    // What came of the app is the app's affair: the client was guarded.
    expect(run.code).toBe(0);
    expect(run.diagnosis).toMatchObject({ format: 1, ok: true, mode: "on", problems: [] });
    expect(run.diagnosis.processes.map(({ clients }) => clients)).toMatchObject([
      [{ module: "hot-shots", version: "17.1.1", state: "guarded", files: ["lib/statsd.js"], reasons: [] }],
    ]);
    expect(readdirSync(env.TMPDIR)).toEqual([]);
  });

  it("is told of in words, on stderr alone", async () => {
    const run = await start(["--", process.execPath, at("echo.mjs")]);
    expect(run.stdout).toBe(" undefined\n");
    expect(run.stderr).toMatch(/^to stderr\n\nApp {9}\S+ \S+echo\.mjs: ended with exit code 7$/m);
    expect(run.stderr).toMatch(/^✓ {2}hot-shots 17\.1\.1 +guarded$/m);
    expect(run.stderr).toMatch(/\n\nGuarded: 1 of 1\.\n$/);
  });

  it("says what it cannot know: of a process that was killed, and of what a shell starts", async () => {
    const killed = await start(["--", process.execPath, "-e", "process.kill(process.pid, 'SIGKILL')"]);
    expect(killed.stderr).toContain("no client was loaded by its last report: it did not come to its end");
    expect(killed.stderr).toMatch(
      /\n\nNo client that flushguard knows was loaded by the last report of what was killed\.\n$/,
    );
    const line = `${process.execPath} ${at("clients.mjs")} require hot-shots`;
    const shell = await start(["--", "sh", "-c", `${line}; exit 0`]);
    const unseen = SHOWN ? "" : " What other programs than Node start without the preload is not seen.";
    expect(shell.stderr.endsWith(`\n\nGuarded: 1 of 1.${unseen}\n`)).toBe(true);
  });

  it("sees no more of the doctor than a preload, and no handle", async () => {
    const plain = await runApp([at("quiet.mjs")]);
    const run = await diagnosed([at("quiet.mjs")]);
    const { execArgv: _, ...seen } = JSON.parse(run.stdout);
    const { execArgv: _own, ...expected } = JSON.parse(plain.stdout);
    expect({ ...seen, handles: seen.handles.length }).toEqual({ ...expected, handles: expected.handles.length });
  });

  it("has a line for each of its processes and threads, in whatever working directory", async () => {
    const { diagnosis, code } = await diagnosed(["family.mjs"]);
    const seen = diagnosis.processes.map(({ threadId, command, mode, ended, clients }) => ({
      name: command
        .at(-1)
        ?.replace(/.*\//, "")
        .concat(threadId === 0 ? "" : " worker"),
      mode,
      ended,
      clients: states(clients),
    }));
    const guarded = { mode: "on", ended: true, clients: ["hot-shots: guarded"] };
    expect(seen.toSorted((one, other) => String(one.name).localeCompare(String(other.name)))).toEqual([
      { name: "family.mjs", ...guarded },
      { name: "family.mjs worker", ...guarded },
      { name: "fork", ...guarded },
      { name: "spawn", ...guarded },
    ]);
    expect(code).toBe(0);
  });

  it.each(NODES)("has no line for the thread in which Node has the app's hooks, on $name", async ({ binary }) => {
    const hooks = 'require("module").register("data:text/javascript,"); setTimeout(() => {}, 300);';
    const { code, stderr } = await start(["--json", "--", binary, "-e", hooks]);
    const { processes, withoutPreload } = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "") as RunDiagnosis;
    expect({ code, threads: processes.map(({ threadId }) => threadId), withoutPreload }).toEqual({
      code: 0,
      threads: [0],
      withoutPreload: [],
    });
  });

  it.each([
    [["gently"], { exitCode: 5 }, true],
    [[], { signal: "SIGTERM" }, false],
  ])("gets the doctor's signals: serve.mjs %j", async (args, ending, ended) => {
    const run = await diagnosed(["serve.mjs", ...args], {
      onOutput: (_, doctor) => process.kill(doctor, "SIGTERM"),
    });
    expect(run.diagnosis.app).toMatchObject(ending);
    expect(run.diagnosis.processes).toMatchObject([{ ended, clients: [{ module: "hot-shots", state: "guarded" }] }]);
    expect(run.code).toBe(0);
  });
});

describe("what is told of a client", () => {
  it("that is loaded before the guard, as ES modules and as CommonJS", async () => {
    const run = await diagnosed(["clients.mjs"], BEHIND_FLAGSMITH);
    expect(states(run.diagnosis.processes[0]?.clients ?? [])).toEqual(["flagsmith-nodejs: loaded before the guard"]);
    expect(run.code).toBe(1);
    const required = await diagnosed(["--require", "hot-shots", "clients.mjs"]);
    expect(states(required.diagnosis.processes[0]?.clients ?? [])).toEqual(["hot-shots: guarded"]);
  });

  it("whose ES modules are loaded before the guard, and which is required elsewhere", async () => {
    const { diagnosis, code } = await diagnosed(["clients.mjs", "require", "flagsmith-nodejs"], BEHIND_FLAGSMITH);
    expect(diagnosis.processes[0]?.clients).toMatchObject([
      {
        state: "loaded before the guard",
        files: ["build/cjs/sdk/analytics.js"],
        reasons: ["build/esm/sdk/analytics.js: put --import flushguard/register before what loads it"],
      },
    ]);
    expect(code).toBe(1);
    const both = ["clients.mjs", "require", "flagsmith-nodejs", "import", "flagsmith-nodejs"];
    const guarded = await diagnosed(both);
    expect(guarded.diagnosis.processes[0]?.clients).toMatchObject([
      { state: "guarded", files: ["build/cjs/sdk/analytics.js", "build/esm/sdk/analytics.js"], reasons: [] },
    ]);
    expect(guarded.code).toBe(0);
  });

  it("which throws as it is loaded", async () => {
    const { diagnosis, stdout, code } = await diagnosed(["throws.mjs"]);
    expect({ stdout, code }).toEqual({ stdout: "there is no dgram here\n", code: 1 });
    expect(diagnosis.processes[0]?.clients).toMatchObject([
      {
        module: "hot-shots",
        state: "out of reach",
        reasons: [expect.stringMatching(/^it threw as it was loaded, or /)],
      },
    ]);
  });

  it("whose ES modules cannot be patched, and is required elsewhere", async () => {
    const name = "@optimizely/optimizely-sdk";
    const imported = await diagnosed(["clients.mjs", "import", name]);
    expect(states(imported.diagnosis.processes[0]?.clients ?? [])).toEqual([`${name}: out of reach`]);
    expect(imported.stderr).toContain(
      `${name} 6.6.1 is left as it is: in dist/index.node.es.min.mjs, "createInstance"`,
    );
    expect(imported.code).toBe(1);
    const both = await diagnosed(["clients.mjs", "require", name, "import", name]);
    expect(states(both.diagnosis.processes[0]?.clients ?? [])).toEqual([`${name}: out of reach`]);
    const required = await diagnosed(["clients.mjs", "require", name]);
    expect(states(required.diagnosis.processes[0]?.clients ?? [])).toEqual([`${name}: guarded`]);
    expect(required.code).toBe(0);
  });

  it("of which only an unguarded part was loaded", async () => {
    const run = await diagnosed(["clients.mjs", "require", "statsd-client"]);
    expect(states(run.diagnosis.processes[0]?.clients ?? [])).toEqual(["statsd-client: not used"]);
    expect(run.code).toBe(0);
  });

  it("that is switched off", async () => {
    const run = await diagnosed(["clients.mjs", "require", "hot-shots"], { env: { FLUSHGUARD_TARGETS: "-hot-shots" } });
    expect(states(run.diagnosis.processes[0]?.clients ?? [])).toEqual(["hot-shots: disabled"]);
    expect(run.code).toBe(0);
  });

  it("beside agents that were loaded", async () => {
    const run = await diagnosed(["clients.mjs", "import", "@opentelemetry/instrumentation"]);
    expect(run.diagnosis.processes[0]?.agents.map(({ name }) => name)).toContain("@opentelemetry/instrumentation");
  });
});

describe("the metrics of several processes", () => {
  const args = ["metrics.mjs"];

  it("are in the directory, and it is told who is in it", async () => {
    const FLUSHGUARD_MULTIPROCESS_DIR = directoryWith({});
    const { diagnosis, code } = await diagnosed(args, { env: { FLUSHGUARD_MULTIPROCESS_DIR } });
    expect(diagnosis.processes.map(({ metrics }) => metrics)).toEqual(["shared"]);
    expect(diagnosis.metrics).toEqual({
      directory: FLUSHGUARD_MULTIPROCESS_DIR,
      live: 0,
      waiting: 0,
      memory: 0,
      badFiles: 0,
    });
    expect(code).toBe(0);
  });

  it("are missing of a process that does not know of the directory", async () => {
    const FLUSHGUARD_MULTIPROCESS_DIR = directoryWith({});
    const { diagnosis, code } = await diagnosed([...args, "lost"], { env: { FLUSHGUARD_MULTIPROCESS_DIR } });
    expect(
      diagnosis.processes.map(({ metrics }) => metrics).toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual(["in memory only", "shared"]);
    expect(code).toBe(1);
  });

  it("are in memory only, and that is as it should be, where no directory is asked for", async () => {
    const { diagnosis, code } = await diagnosed(args);
    expect(diagnosis.processes.map(({ metrics }) => metrics)).toEqual(["in memory only"]);
    expect(diagnosis.metrics).toBeUndefined();
    expect(code).toBe(0);
  });
});

describe("the mode", () => {
  it("is observe: what is patched is watched, and guarded nowhere", () => {
    const found = {
      module: "hot-shots",
      version: "17.1.1",
      path: "/app/node_modules/hot-shots",
      patched: ["lib/statsd.js"],
    };
    const counters = {} as Counters;
    const report = {
      pid: 1,
      threadId: 0,
      command: ["app.js"],
      cwd: "/app",
      node: process.version,
      mode: " Observe",
      problems: [],
      started: { processes: [], threads: [] },
      status: {
        mode: "observe" as const,
        enabled: true,
        esm: "none",
        targets: [{ module: "hot-shots", found: [{ ...found, reasons: [] }], counters }],
      },
    } as ProcessReport;
    const targets = allTargets(loadConfig({}));
    expect(judged(report, targets)).toMatchObject({ mode: "observe", clients: [{ state: "observed" }] });
    expect(judged({ ...report, mode: "on" }, targets)).toMatchObject({ mode: "on", clients: [{ state: "guarded" }] });
  });

  it("is off: no process loads the preload, and that is fine", async () => {
    const run = await diagnosed(["clients.mjs", "require", "hot-shots"], { env: { FLUSHGUARD: "off" } });
    expect(run.diagnosis).toMatchObject({ ok: true, mode: "off", processes: [] });
    expect(run.code).toBe(0);
    const { stderr } = await start(["--", process.execPath, at("clients.mjs")], { env: { FLUSHGUARD: "off" } });
    expect(stderr).toContain("Nothing is guarded: FLUSHGUARD is off.");
  });

  it("is disabled at run time", async () => {
    const run = await diagnosed(["disabled.mjs"]);
    expect(run.diagnosis.processes).toMatchObject([
      { mode: "disabled at run time", clients: [{ state: "disabled", reasons: ["disable() was called"] }] },
    ]);
    expect(run.code).toBe(0);
  });
});

describe("a command without the preload", () => {
  const NONE = { env: { NODE_OPTIONS: "" } };

  it("runs as it is given, and is not called guarded", async () => {
    const { diagnosis, code } = await diagnosed(["clients.mjs", "require", "hot-shots"], NONE);
    expect(code).toBe(1);
    expect(diagnosis).toMatchObject({ ok: false, preloadAdded: false, processes: [], app: { exitCode: 0 } });
    expect(diagnosis.withoutPreload.map(({ threadId, command }) => [threadId, ...command.slice(1)])).toEqual([
      [0, "clients.mjs", "require", "hot-shots"],
    ]);
  });

  it("is offered a run with it, which says that it was added", async () => {
    const args = ["--", process.execPath, at("clients.mjs"), "require", "hot-shots"];
    const without = await start(args, NONE);
    expect(without.stderr).toContain(
      `nothing was guarded. To see what would be with it:\nnpx flushguard doctor --with-preload ${args.join(" ")}\n`,
    );
    const added = await start(["--with-preload", ...args], NONE);
    expect(added.code).toBe(0);
    expect(added.stderr).toMatch(/^✓ {2}hot-shots 17\.1\.1 +guarded$/m);
    expect(added.stderr).toContain("Guarded: 1 of 1, with the preload that doctor added: the command is without it.");
  });

  it("is known also where other processes and threads of the app have it", async () => {
    const { diagnosis, code } = await diagnosed(["partly.mjs"]);
    expect(code).toBe(1);
    expect(diagnosis.processes.map(({ clients }) => states(clients))).toEqual([["hot-shots: guarded"]]);
    expect(diagnosis.withoutPreload.map(({ threadId, command }) => [threadId > 0, command.at(-1)])).toEqual([
      [false, "child"],
      [true, at("partly.mjs")],
    ]);
  });

  it.runIf(SHOWN).each([
    ["exec", 'exec("node clients.mjs require hot-shots")', 1],
    ["exec with an environment of its own", 'exec("node clients.mjs; true", { env: { PATH: process.env.PATH } })', 1],
    ["spawn with a shell", 'spawn("node clients.mjs", { shell: true })', 1],
    ["execSync", 'execSync("node clients.mjs")', 1],
    ["spawnSync", 'spawnSync("node", ["clients.mjs"])', 1],
    [
      "a shell that goes on when its parent has ended",
      'spawn("sh", ["-c", "sh -c \'node clients.mjs\' & sleep 0.5"])',
      1,
    ],
    ["another that has it beside", `exec("node --import ${REGISTER} clients.mjs; node clients.mjs")`, 1],
    ["one that has it", `exec("node --import ${REGISTER} clients.mjs; true")`, 0],
  ])("is known by whatever program it was started: %s", async (_, start, missing) => {
    const path = `${dirname(process.execPath)}:${process.env.PATH}`;
    const code = `require("node:child_process").${start}`;
    const run = await diagnosed(["--import", REGISTER, "-e", code], { env: { NODE_OPTIONS: "", PATH: path } });
    expect(run.diagnosis.withoutPreload.map(({ command }) => command[1])).toEqual(Array(missing).fill("clients.mjs"));
    expect(run.code).toBe(missing);
  });

  it.runIf(SHOWN)("is no package manager, and no tool from which one with the preload came", async () => {
    const folder = directoryWith({
      "package.json": JSON.stringify({ scripts: { with: `node --import ${REGISTER} a.cjs`, without: "node a.cjs" } }),
      "a.cjs": "setTimeout(() => {}, 100);",
      "node_modules/runner/cli.cjs": `require("child_process").execSync("node --import ${REGISTER} a.cjs");`,
    });
    const path = `${dirname(process.execPath)}:${process.env.PATH}`;
    const without = async (command: readonly string[]) => {
      const { status, stderr } = cli(["doctor", "--json", "--", ...command], folder, { PATH: path });
      const last = stderr.trimEnd().split("\n").at(-1) ?? "";
      return [status, (JSON.parse(last) as RunDiagnosis).withoutPreload.map(({ command }) => command.slice(1))];
    };
    expect(await without(["npm", "run", "with"])).toEqual([0, []]);
    expect(await without(["npm", "run", "without"])).toEqual([1, [["a.cjs"]]]);
    expect(await without(["sh", "-c", "node node_modules/runner/cli.cjs; true"])).toEqual([0, []]);
  });

  it("is not Node's at all", async () => {
    const { code, stderr } = await start(["--", "true"], NONE);
    expect(code).toBe(1);
    expect(stderr).toContain("No process had the preload and lived to tell: nothing was guarded.");
  });
});

it("gets the preload before what else is preloaded, where it is added", async () => {
  const env = { NODE_OPTIONS: `--import=${FLAGSMITH}` };
  const { diagnosis, code } = await diagnosed(["clients.mjs"], { env }, ["--with-preload"]);
  expect(states(diagnosis.processes[0]?.clients ?? [])).toEqual(["flagsmith-nodejs: guarded"]);
  expect(code).toBe(0);
});

it("has wrong configuration told once, however many processes there are", async () => {
  const { code, diagnosis } = await diagnosed(["family.mjs"], { env: { FLUSHGUARD_MAX_HELD: "many" } });
  expect(code).toBe(1);
  expect(diagnosis.problems).toEqual([
    'FLUSHGUARD_MAX_HELD: found "many", expected a whole number of calls from 1 to 4294967295; using 100000',
  ]);
});

it("loads what writes the report only for the doctor", async () => {
  const { sources } = await loadedBy([at("clients.mjs")]);
  expect(sources).toContain("src/preload.ts");
  expect(sources).not.toContain("src/process-report.ts");
  const told = await loadedBy([at("clients.mjs")], { env: { FLUSHGUARD_DOCTOR: directoryWith({}) } });
  expect(told.sources).toContain("src/process-report.ts");
});
