import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { NODES } from "../nodes/nodes.js";
import { APPS, EXACT, REGISTER, runApp, told, WRONG } from "../patch/run-app.js";

const PRELOAD = fileURLToPath(new URL("register.cjs", REGISTER));
const FOLDER = fileURLToPath(new URL("../fixtures/start/", import.meta.url));
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };
const EVERYWHERE = ["require", "getBuiltinModule", "_compile", "a bundle", "what is loaded"];
const COMMONJS_SOURCES = new URL("../fixtures/hooks/commonjs-sources-loader.mjs", import.meta.url).href;
const UNHOOKED = /^flushguard: module\.register: .*; ES modules are not guarded\. .* --allow-worker; .* --loader /;
const nodes = [NODES[0], NODES.at(-1)] as (typeof NODES)[0][];

describe.each(nodes)("$name, where a hook cannot be put in", ({ binary, version }) => {
  const own = synchronousHooksWork(version) ? ["ES modules", "registerHooks"] : ["chdir", "_resolveFilename"];

  test.concurrent.each([...EVERYWHERE, ...own])(
    "%s: nothing is, one line says so, and it can be tried again",
    async (step) => {
      const run = await runApp(["app.mjs"], {
        binary,
        cwd: FOLDER,
        targets: [METRICS],
        node: ["--require", "./break.cjs", "--import", REGISTER.href],
        env: { STEP: step },
      });
      // At the start and as the app tries it again.
      expect(run.stderr).toMatch(/^(flushguard: could not start: .* is locked; nothing is guarded\n)\1$/);
      const off = { clean: true, enabled: false, esm: "none" };
      expect(JSON.parse(run.stdout)).toEqual({
        failed: { ...off, counted: WRONG },
        again: off,
        disabled: off,
        cured: { enabled: true, counted: EXACT },
        atLast: { enabled: false, counted: WRONG },
      });
    },
  );
});

test("where its own files are not whole, the app runs as without it, and one line says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flushguard-damaged-"));
  try {
    const register = join(folder, "register.cjs");
    await copyFile(new URL("register.cjs", REGISTER), register);
    const run = await runApp(["plain.mjs", "end"], { cwd: APPS, node: ["--require", register] });
    expect(run.stderr).toMatch(
      /^flushguard: could not start: Cannot find module '\.\/preload\.cjs'.*; nothing is guarded\n$/,
    );
    expect({ ...run, stderr: "" }).toEqual(await runApp(["plain.mjs", "end"], { cwd: APPS, node: [] }));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["null", "null"],
  ["undefined", "undefined"],
  ["Object.freeze(new Error('frozen'))", "frozen"],
  ["Object.create(null)", "a value of type object that has no words"],
  ["{ toString() { throw this; } }", "a value of type object that has no words"],
  [
    "Object.defineProperty(new Error(), 'message', { get() { throw this; } })",
    "a value of type object that has no words",
  ],
])("whatever is thrown as it starts, the app runs as without it, and one line says so: %s", async (value, words) => {
  const folder = await mkdtemp(join(tmpdir(), "flushguard-throws-"));
  try {
    const register = join(folder, "register.cjs");
    await copyFile(new URL("register.cjs", REGISTER), register);
    await writeFile(join(folder, "preload.cjs"), `exports.preload = () => { throw ${value}; };`);
    const run = await runApp(["plain.mjs", "end"], { cwd: APPS, node: ["--require", register] });
    expect(run.stderr).toBe(`flushguard: could not start: ${words}; nothing is guarded\n`);
    expect({ ...run, stderr: "" }).toEqual(await runApp(["plain.mjs", "end"], { cwd: APPS, node: [] }));
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe.each(nodes)("$name, where the app has changed what the preload asks first", ({ binary }) => {
  const ways = [
    ["--import", REGISTER.href],
    ["--require", fileURLToPath(new URL("register.cjs", REGISTER))],
    ["--import", new URL("bundled.js", REGISTER).href],
  ] as const;

  test.concurrent.each(ways)(
    "its environment throws, %s %s: it runs as without us, and one line says so",
    async (...way) => {
      const node = ["--require", "./locked-env.cjs"];
      const run = await runApp(["--print", "1"], { binary, cwd: FOLDER, node: [...node, ...way] });
      expect(run.stderr).toBe("flushguard: could not start: FLUSHGUARD is locked; nothing is guarded\n");
      expect({ ...run, stderr: "" }).toEqual(await runApp(["--print", "1"], { binary, cwd: FOLDER, node }));
    },
  );

  test.concurrent.each(ways)("process.execArgv is gone, %s %s: what one line says of it is so", async (...way) => {
    const run = await runApp(["--print", "globalThis[Symbol.for('flushguard.runtime')].status().enabled"], {
      binary,
      cwd: FOLDER,
      node: ["--require", "./no-exec-argv.cjs", ...way],
    });
    const { length } = run.stderr.split("\n").filter((line) => line.startsWith("flushguard: "));
    expect(length).toBeLessThanOrEqual(1);
    expect(run).toMatchObject({ code: 0, stdout: `${!run.stderr.includes("nothing is guarded")}\n` });
  });

  test.concurrent.each(ways)("process.abort is gone, %s %s: it is guarded", async (...way) => {
    const run = await runApp(["--print", "globalThis[Symbol.for('flushguard.runtime')].status().enabled"], {
      binary,
      cwd: FOLDER,
      node: ["--require", "./no-abort.cjs", ...way],
    });
    expect(run).toMatchObject({ code: 0, stdout: "true\n", stderr: "" });
  });
});

describe.each(nodes)("$name, where the app has changed what clients are guarded with", ({ binary }) => {
  const replaced = (name: string) => [
    "--require",
    fileURLToPath(new URL(`../fixtures/start/${name}.cjs`, import.meta.url)),
  ];
  const race = (node: readonly string[]) =>
    told<Record<string, unknown>>(["reach.cjs", "export"], { binary, targets: [{ ...METRICS, versions: "^1" }], node });

  test.concurrent("JSON.parse, after the preload: it is guarded", async () => {
    expect(await race(["--require", PRELOAD, ...replaced("own-json")])).toMatchObject({ ...EXACT, stderr: "" });
  });

  test.concurrent("queueMicrotask, before it: it is guarded", async () => {
    const run = await race([...replaced("no-microtasks"), "--import", REGISTER.href]);
    expect(run).toMatchObject({ ...EXACT, stderr: "" });
  });

  test.concurrent.each(["not loaded", "loaded"])(
    "all globals, after it, with the client %s: it is guarded",
    async (client) => {
      const app = fileURLToPath(new URL("../fixtures/start/no-globals.cjs", import.meta.url));
      const options = { binary, targets: [METRICS], env: { CLIENT: client } };
      const { stderr, taken, ...guarded } = await told<{ taken: string[] }>([app], options);
      expect(taken).toEqual(
        expect.arrayContaining(["Array", "Error", "Map", "Object", "Promise", "WeakRef", "process"]),
      );
      expect(guarded).toMatchObject(EXACT);
      expect(stderr).toBe("");
      expect(await told([app], { ...options, node: [] })).toMatchObject(WRONG);
    },
  );

  test.concurrent("a function that our files need, after it: it runs as without us, and none is said to be gone", async () => {
    const run = await race(["--require", PRELOAD, ...replaced("no-get-prototype-of")]);
    expect(run).toMatchObject(WRONG);
    const lines = run.stderr.trim().split("\n");
    expect(lines.filter((line) => !line.includes("Object.getPrototypeOf is not a function"))).toEqual([]);
    expect(lines).toContain(
      "flushguard: one of flushguard's own files cannot be loaded, and it goes without what is in it: " +
        "Object.getPrototypeOf is not a function",
    );
  });
});

describe.each(nodes)("$name, where Node's loader thread cannot be started", ({ binary, version }) => {
  const permission = version.startsWith("20.") ? "--experimental-permission" : "--permission";

  test.concurrent.each([
    ["no --allow-worker", [permission, "--allow-fs-read=*"]],
    ["a --loader that hands out CommonJS", ["--loader", COMMONJS_SOURCES]],
  ])("%s: one line says that ES modules are not guarded, and what helps", async (_, options) => {
    const run = await runApp(["--eval", ""], {
      binary,
      targets: [{ ...METRICS, module: "patch-functions" }],
      node: [...options, "--import", REGISTER.href],
    });
    const lines = run.stderr.split("\n").filter((line) => line.startsWith("flushguard: "));
    expect(lines).toEqual(synchronousHooksWork(version) ? [] : [expect.stringMatching(UNHOOKED)]);
  });
});
