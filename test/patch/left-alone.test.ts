import { describe, expect, test } from "vitest";
import { type AppRun, EXACT, type Options, reportOf, runApp, told, WRONG } from "./run-app.js";

const ROLES = { record: ["count"], flush: ["flush"] };
const NONE = { node: [] };

/** Loads the module first, takes down every property of it, then enables the guard and compares. */
function untouched(module: string, name: string, target: object, log?: string): Promise<AppRun> {
  const env = log === undefined ? {} : { FLUSHGUARD_LOG: log };
  return runApp(["shapes.cjs", "untouched", module, name], { ...NONE, targets: [target], env });
}

function shape(name: string, options: Options) {
  return told(["shapes.cjs", "race", "patch-shapes", name], options);
}

/** Lines that are not of what is as it should be. */
const notes = (stderr: string) => stderr.replace(/^.*(?:clients known|is patched|have been lost: .*)\n/gm, "");

describe("left as it is", () => {
  test("an absent package: one line", async () => {
    const target = { module: "patch-absent", export: "Metrics", ...ROLES };
    const run = await told(["reach.cjs", "export"], { targets: [target], env: { FLUSHGUARD_LOG: "info" } });
    expect(run.stderr.replace(/\d+ clients known\n$/, "clients known")).toBe(
      'flushguard: targets: found module "patch-absent", expected a package that is installed; only copies inside other packages are guarded\n' +
        "flushguard: on, clients known",
    );
    expect(run).toMatchObject(WRONG);
    expect(reportOf(run, "patch-absent")?.found).toEqual([]);
  });

  test.each([
    ["of another version", "warn", { versions: ">=2" }, "version 1.0.0 is outside >=2"],
    ["that has been fixed upstream", "info", { fixedIn: "0.9.0" }, "fixed upstream in 0.9.0"],
    ["that has nothing to guard", "info", { versions: ">=2", unaffected: "<2" }, "nothing to guard in 1.0.0"],
  ])("a package %s: one line, at the level %s", async (_, level, versions, reason) => {
    const target = { module: "patch-export", export: "Metrics", ...versions, ...ROLES };
    const line = `flushguard: patch-export 1.0.0 is left as it is: ${reason}\n`;
    const usual = await untouched("patch-export", "Metrics", target);
    expect(usual).toMatchObject({ code: 0, stderr: level === "warn" ? line : "" });
    expect(JSON.parse(usual.stdout)).toMatchObject({ result: true });
    const { stderr, stdout } = await untouched("patch-export", "Metrics", target, "info");
    expect(stderr.replace(/^.*clients known\n/, "")).toBe(line);
    expect(reportOf(JSON.parse(stdout), "patch-export")?.found).toMatchObject([{ patched: [], reasons: [reason] }]);
  });

  test("a package is not blamed for a range of which it has no need: another of its targets is about its version", async () => {
    const target = { module: "patch-export", export: "Metrics", ...ROLES };
    const targets = [
      { ...target, versions: ">=2" },
      { ...target, versions: "<2" },
    ];
    const run = await told(["reach.cjs", "export"], { targets, env: { FLUSHGUARD_LOG: "info" } });
    expect(run).toMatchObject(EXACT);
    expect(run.stderr).not.toContain("left as it is");
    expect(reportOf(run, "patch-export")?.found).toMatchObject([{ patched: ["index.cjs"], reasons: [] }]);
  });

  test.each([
    ["without its export", { export: "Renamed" }, '"Renamed" has no "flush"'],
    ["without its flush", { export: "Metrics", flush: ["send"] }, '"Metrics" has no "send"'],
    ["without its factory", { factory: "make" }, 'there is no function "make"'],
    [
      "without its export in the file",
      { export: "Renamed", file: "index.cjs" },
      'in index.cjs, "Renamed" has no "flush"',
    ],
    [
      "without one of its flushes",
      { export: "Metrics", flush: ["flush", "drain"] },
      'in index.cjs, it has no method "drain"',
    ],
    [
      "without its factory in the file",
      { factory: "make", file: "index.cjs" },
      'in index.cjs, there is no function "make"',
    ],
    [
      "without its method",
      { factory: "Metrics#child", file: "index.cjs" },
      'in index.cjs, there is no function "Metrics#child"',
    ],
  ])("a package %s: one warn line", async (_, part, reason) => {
    const { code, stdout, stderr } = await untouched("patch-export", "Metrics", {
      module: "patch-export",
      ...ROLES,
      ...part,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: true });
    expect(stderr).toBe(`flushguard: patch-export 1.0.0 is left as it is: ${reason}\n`);
  });

  test("a frozen prototype: one warn line", async () => {
    const target = { module: "patch-shapes", export: "Frozen", ...ROLES };
    const run = await untouched("patch-shapes", "Frozen", target);
    expect(run.stderr).toBe('flushguard: patch-shapes 1.0.0 is left as it is: in index.js, "flush" is frozen\n');
    expect(JSON.parse(run.stdout)).toMatchObject({ result: true });
    expect(await shape("Frozen", { targets: [target] })).toMatchObject(WRONG);
  });

  test("an ES module's constant that would be the factory: one warn line", async () => {
    const target = { module: "patch-factory", factory: "fixed", file: "*.mjs", ...ROLES };
    const run = await runApp(["reach.mjs", "factory"], { targets: [target] });
    expect(run.stderr).toBe(
      'flushguard: patch-factory 1.0.0 is left as it is: in index.mjs, "fixed" cannot be replaced\n',
    );
    expect(JSON.parse(run.stdout)).toMatchObject(WRONG);
  });

  test("a class whose methods are fields of its instances: one warn line, and its factory is what to name", async () => {
    const target = { module: "patch-bound", file: "index.cjs", export: "Fields", ...ROLES };
    const run = await told(["shapes.cjs", "fields"], { targets: [target] });
    expect(run.stderr).toBe('flushguard: patch-bound 1.0.0 is left as it is: in index.cjs, "Fields" has no "flush"\n');
    expect(run).toMatchObject(WRONG);
  });
});

describe("guarded all the same", () => {
  test("a class behind an export that is a getter without a setter", async () => {
    const target = { module: "patch-shapes", export: "Hidden", ...ROLES, buffers: { bucket: "sum" } };
    expect(await shape("Hidden", NONE)).toMatchObject(WRONG);
    expect(await shape("Hidden", { targets: [target] })).toMatchObject({ ...EXACT, stderr: "" });
  });

  test("what a target of the app's own misspells: a line each, with what is meant", async () => {
    const wrong = async (change: object) => {
      const target = { module: "patch-export", export: "Metrics", ...ROLES, ...change };
      return (await told(["reach.cjs", "export"], { targets: [target] })).stderr;
    };
    expect(await wrong({ record: ["cont"] })).toBe(
      'flushguard: patch-export 1.0.0 is guarded in part: it has no method "cont" (did you mean "count"?)\n',
    );
    expect(await wrong({ send: ["sned"] })).toBe(
      'flushguard: patch-export 1.0.0 is guarded in part: it has no method "sned"\n',
    );
    expect(await wrong({ final: "flush" })).toBe(
      'flushguard: patch-export 1.0.0 is guarded in part: final: found "flush", expected a Writable, which has "write" and "end"; nothing is waited for\n',
    );
    expect(await wrong({ ends: { callback: 7 } })).toMatch(
      /^flushguard: patch-export 1\.0\.0 is guarded in part: ends\.callback: found 7, expected [^\n]+; when a flush without a callback ends is not known\n$/,
    );
    expect(await wrong({ file: "inedx.js" })).toMatch(
      /^flushguard: patch-export 1\.0\.0 is left as it is: it has no file "inedx\.js" \(did you mean "index\.\w+"\?\)\n$/,
    );
    expect(await wrong({ file: "." })).toMatch(
      /^flushguard: patch-export 1\.0\.0 is left as it is: it has no file "\."/,
    );
    expect(await wrong({ file: "lib/**/*.js" })).toBe(
      'flushguard: patch-export 1.0.0 is left as it is: it has no file "lib/**/*.js"\n',
    );
    expect(await wrong({ file: "package.json" })).toBe(
      'flushguard: patch-export 1.0.0 is left as it is: there is no code in "package.json"\n',
    );
    expect(await wrong({ owner: "holdr" })).toBe(
      'flushguard: patch-export: owner: "holdr" leads nowhere, so the instance itself is what is locked\n',
    );
    expect(await wrong({ buffers: { bucket: "append" } })).toBe(
      'flushguard: patch-export: buffers.bucket: found "append", expected "sum" or "last" for what is in it; record calls wait while a flush runs\n',
    );
    expect(await wrong({ module: "patch-exprot" })).toMatch(
      /^flushguard: targets: found module "patch-exprot", expected /,
    );
  });

  test("two targets of the app's own about the same class: one line, and the first is at work", async () => {
    const first = { module: "patch-export", export: "Metrics", file: "index.cjs", ...ROLES };
    const { file: _, ...second } = first;
    const run = await told(["reach.cjs", "export"], { targets: [first, second] });
    expect(run).toMatchObject(EXACT);
    expect(run.stderr).toBe(
      "flushguard: patch-export 1.0.0 is left as it is: in index.cjs, another target is about the same\n",
    );
  });

  test("a part that what its factory makes has not: one line", async () => {
    const target = { module: "patch-factory", factory: "open", part: "client.metric", ...ROLES };
    expect((await told(["reach.cjs", "part"], { targets: [target] })).stderr).toBe(
      'flushguard: patch-factory 1.0.0 is left as it is: part: "client.metric" leads to nothing with "flush" in what "open" made\n',
    );
  });

  test("a factory that gives no object, whatever that is: one line", async () => {
    const target = { module: "patch-factory", factory: "configure", ...ROLES };
    expect((await told(["reach.cjs", "configure"], { targets: [target] })).stderr).toBe(
      'flushguard: patch-factory 1.0.0 is left as it is: "configure" made no object, expected one with "flush"\n',
    );
  });

  test("a class with #private fields and a declared buffer, without a word", async () => {
    const target = { module: "patch-shapes", export: "Private", ...ROLES, buffers: { bucket: "sum" } };
    expect(await shape("Private", NONE)).toMatchObject(WRONG);
    const run = await shape("Private", { targets: [target], env: { FLUSHGUARD_LOG: "info" } });
    expect(run).toMatchObject(EXACT);
    expect(notes(run.stderr)).toBe("");
    expect(reportOf(run, "patch-shapes")?.counters).toMatchObject({ held: 0, replayed: 0 });
  });

  test("a subclass of such a class", async () => {
    const target = { module: "patch-shapes", export: "PrivateChild", ...ROLES, buffers: { bucket: "sum" } };
    expect(await shape("PrivateChild", NONE)).toMatchObject(WRONG);
    expect(await shape("PrivateChild", { targets: [target] })).toMatchObject(EXACT);
  });

  test("a client whose record returns a value: as no call can be held, only a flush waits that has nothing else to send; an info line says so", async () => {
    const target = { module: "patch-shapes", export: "Counting", ...ROLES };
    expect(await shape("Counting", NONE)).toMatchObject(WRONG);
    const run = await shape("Counting", { targets: [target], env: { FLUSHGUARD_LOG: "info" } });
    const note = '"count" returns a value, so its calls cannot be held';
    expect(notes(run.stderr)).toBe(`flushguard: patch-shapes: ${note}\n`);
    expect(reportOf(run, "patch-shapes")?.found).toMatchObject([{ patched: ["index.js"], reasons: [note] }]);
    // The 50 are lost as they are without the guard; the 10 arrive once.
    expect(run).toMatchObject({ recorded: 160, delivered: 110 });
  });

  test("such a client with its buffer declared, all of it", async () => {
    const target = { module: "patch-shapes", export: "Counting", ...ROLES, buffers: { bucket: "sum" } };
    expect(await shape("Counting", { targets: [target] })).toMatchObject({ ...EXACT, stderr: "" });
  });

  test("what methods with a Symbol for a name record through those that are guarded; they stay as they are", async () => {
    const run = await told(["shapes.cjs", "symbols"], NONE);
    expect(run).toMatchObject({ guarded: true, same: true, ...EXACT });
  });
});
