import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { APPS, type AppRun, EXACT, REGISTER, runApp, told } from "../patch/run-app.js";

const REGISTER_CJS = fileURLToPath(new URL("../../dist/register.cjs", import.meta.url));
const APP = join(APPS, "plain.mjs");
const PERMISSION = [process.versions.node.startsWith("20.") ? "--experimental-permission" : "--permission"];
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

/** No client is installed there or above, so no ES modules are hooked in a thread of their own on older Nodes. */
let elsewhere: string;
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), "flushguard-plain-"));
  await copyFile(APP, join(elsewhere, "plain.mjs"));
});
afterAll(() => rm(elsewhere, { recursive: true }));

/** Some of Node's own lines have process ids; and in which turn a module has run is luck, where a thread has a say in it. */
function withoutLuck(stderr: string): string {
  return stderr.replace(/node:\d+/, "node").replace(/^ +at process\.processTicksAndRejections .*\n/gm, "");
}

async function runThere(args: readonly string[], node: readonly string[]): Promise<AppRun> {
  const run = await runApp(args, { node, cwd: elsewhere });
  return { ...run, stderr: withoutLuck(run.stderr) };
}

describe.each([
  ["--import", REGISTER.href],
  ["--require", REGISTER_CJS],
])("an app without a client under %s", (option, register) => {
  test.each(["end", "exitCode", "exit", "throw", "reject", "kill"])(
    "prints the same, has the same handles and listeners and ends by itself with the same code: %s",
    async (how) => {
      const plain = await runThere(["plain.mjs", how], []);
      expect(JSON.parse(plain.stdout)).toMatchObject({ handles: ["Socket", "Socket"] });
      expect(await runThere(["plain.mjs", how], [option, register])).toEqual(plain);
      // With a client that is installed and never loaded: the same, but for the thread that older Nodes hook it in.
      const installed = await runApp([APP, how], { node: [option, register] });
      expect({ code: installed.code, stderr: withoutLuck(installed.stderr).replaceAll(APPS, "") }).toEqual({
        code: plain.code,
        stderr: plain.stderr.replaceAll(`${elsewhere}/`, ""),
      });
    },
  );
});

test("an app with an idle client has no more handles and ends by itself", async () => {
  const run = await told(["reach.cjs", "export"], { targets: [METRICS] });
  expect(run).toMatchObject({ ...EXACT, stderr: "" });
});

describe("where it is hard to start", () => {
  test("under the permission model without workers", async () => {
    const guarded = [...PERMISSION, "--allow-fs-read=*", "--import", REGISTER.href];
    const plain = await runThere(["plain.mjs"], [...PERMISSION, "--allow-fs-read=*"]);
    expect(await runThere(["plain.mjs"], guarded)).toEqual(plain);
    const race = await told(["reach.cjs", "export"], { node: guarded, targets: [METRICS] });
    expect(race).toMatchObject(EXACT);
  });

  test("without leave to read its own files: it fails before the app runs, as any preload does", async () => {
    const run = await runApp([APP], { node: [...PERMISSION, `--allow-fs-read=${APPS}*`, "--import", REGISTER.href] });
    expect(run.code).not.toBe(0);
    expect(run.stdout).toBe("");
    expect(run.stderr).toContain("ERR_ACCESS_DENIED");
  });

  test.each([
    ["text that is not JSON", "{ targets: "],
    ["a list", "[]"],
    ["a directory", undefined],
  ])("with a config file that is %s: one line, and the built-in targets", async (_, text) => {
    const cwd = await mkdtemp(join(tmpdir(), "flushguard-config-"));
    const config = join(cwd, "flushguard.config.json");
    try {
      if (text === undefined) await mkdir(config);
      else await writeFile(config, text);
      const run = await told([join(APPS, "aws.cjs")], { cwd });
      expect(run).toMatchObject(EXACT);
      expect(run.stderr.trim().split("\n")).toHaveLength(1);
      expect(run.stderr).toMatch(/^flushguard: .*flushguard\.config\.json: found /);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  test("in a working directory that has been removed", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "flushguard-removed-"));
    const script = `rmdir '${cwd}' && exec '${process.execPath}' "$@"`;
    const aws = join(APPS, "aws.cjs");
    const plain = await runApp(["-c", script, "sh", APP], { binary: "/bin/sh", node: [], cwd });
    await mkdir(cwd, { recursive: true });
    const guarded = await runApp(["-c", script, "sh", "--import", REGISTER.href, APP], {
      binary: "/bin/sh",
      node: [],
      cwd,
    });
    expect(guarded).toEqual(plain);
    expect(plain.code).toBe(0);
    await mkdir(cwd, { recursive: true });
    const race = await told(["-c", script, "sh", "--import", REGISTER.href, aws], { binary: "/bin/sh", node: [], cwd });
    expect(race).toMatchObject({ ...EXACT, stderr: "" });
  });
});
