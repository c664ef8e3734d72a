import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { EXACT, reportOf, runApp, told } from "../patch/run-app.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };
const GONE =
  "one of flushguard's own files cannot be loaded; where they were removed, or replaced by another version, since this process " +
  "started, it goes without what is in them until it is started again";

/** Runs something with a folder that has this package as it is published, to be deployed over. */
async function withCopy(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "flushguard-deployed-"));
  try {
    await cp(join(ROOT, "dist"), join(folder, "dist"), {
      recursive: true,
      filter: (path) => path !== join(ROOT, "dist/src"),
    });
    await cp(join(ROOT, "package.json"), join(folder, "package.json"));
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const preloadIn = (folder: string) => ["--require", join(folder, "dist/register.cjs")];

describe.each(NODES)("$name, its own files before the first flush", ({ binary }) => {
  test.each(["none", "removed", "replaced", "faked"])("%s: nothing is lost or repeated", (how) =>
    withCopy(async (folder) => {
      const node = preloadIn(folder);
      const run = await told(["deployed.cjs", how, join(folder, "dist")], { binary, node, targets: [METRICS] });
      expect(run).toMatchObject({ ...EXACT, stderr: "" });
    }),
  );
});

describe.each(NODES)("$name, asked for what it loads late, its own files", ({ binary }) => {
  test.each(["removed", "replaced"])("%s: what can be is done, and the rest is told and throws nothing", (how) =>
    withCopy(async (folder) => {
      const env = { FLUSHGUARD_MULTIPROCESS_DIR: join(folder, "metrics"), FLUSHGUARD_DOCTOR: folder };
      const run = await told<Record<string, unknown>>(["asked-late.cjs", how, join(folder, "dist")], {
        binary,
        node: preloadIn(folder),
        targets: [METRICS],
        env,
      });
      expect(run).toMatchObject({
        delivered: 2,
        drained: true,
        states: ["patch-export: flushed"],
        guard: "guarded",
        defineTarget: "nothing",
        collect: expect.stringContaining(GONE),
        scrape: true,
        thread: [0],
        process: [0, null],
        client: ["default"],
        misspelt: { drained: true, clients: [] },
        again: "nothing",
      });
      expect(run.status).toMatchObject({ mode: "guard", enabled: true });
      expect(reportOf(run, "patch-export")?.found).toMatchObject([{ patched: [expect.any(String)], reasons: [] }]);
      // Of what is gone, and of a scrape that is without the other processes.
      expect(run.stderr.split(GONE)).toHaveLength(3);
      expect(run.stderr).not.toContain("Require stack");
      const [report = ""] = (await readdir(folder)).filter((name) => name.endsWith("-0.json"));
      expect(JSON.parse(await readFile(join(folder, report), "utf8"))).toMatchObject({ scripts: expect.any(Array) });
    }),
  );

  test.each(["removed", "replaced"])(
    "%s before the first client: nothing is guarded that is not yet, and it is told",
    (how) =>
      withCopy(async (folder) => {
        const node = preloadIn(folder);
        const run = await told(["asked-late.cjs", how, join(folder, "dist")], { binary, node });
        expect(run).toMatchObject({
          drained: true,
          states: [],
          guard: GONE,
          defineTarget: "nothing",
          again: "nothing",
        });
        expect(run.status).toMatchObject({ mode: "guard", enabled: true });
        expect(run.stderr.split(GONE)).toHaveLength(2);
      }),
  );

  test("removed: what an observer has seen is told", () =>
    withCopy(async (folder) => {
      const run = await told<Record<string, unknown>>(["asked-late.cjs", "removed", join(folder, "dist")], {
        binary,
        node: preloadIn(folder),
        targets: [METRICS],
        env: { FLUSHGUARD: "observe" },
      });
      expect(run.status).toMatchObject({ mode: "observe", enabled: true });
      expect(reportOf(run, "patch-export")).toMatchObject({ seen: expect.any(Object) });
    }));
});

test("its own files removed, a worker with the preload of its parent fails as any with a preload that is not there", () =>
  withCopy(async (folder) => {
    const script = `require("node:fs").rmSync(${JSON.stringify(join(folder, "dist"))}, { recursive: true });
      new (require("node:worker_threads").Worker)("", { eval: true }).on("error", ({ code }) => console.log(code));`;
    const run = await runApp(["-e", script], { node: preloadIn(folder) });
    expect(run).toMatchObject({ code: 0, stdout: "MODULE_NOT_FOUND\n" });
  }));
