import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { NODES } from "../nodes/nodes.js";
import { FIXTURES, filesOf, PRELOAD_CJS, PRELOAD_URL, runApp, runNode } from "./run-node.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REGISTER = fileURLToPath(new URL("../../dist/register.cjs", import.meta.url));
const ROWS = JSON.stringify(pathToFileURL(`${FIXTURES}hooks/rows.mjs`).href);

for (const node of NODES) {
  const mode = synchronousHooksWork(node.version) ? "registerHooks" : "register";

  describe.concurrent(node.name, () => {
    test("unhook puts everything back and reports nothing more", async () => {
      const record = await runApp(node.binary, ["./hooks/unhook.mjs"], {}, ["--require", "./hooks/originals.cjs"]);
      expect(record.results).toEqual({
        required: false,
        imported: false,
        added: false,
        compile: true,
        require: true,
        getBuiltinModule: true,
        symbols: false,
        esm: "none",
      });
      expect(record.loads).toEqual([]);
    });

    test("a process from a startup snapshot that has had worker threads starts", async () => {
      const folder = await mkdtemp(join(tmpdir(), "flushguard-snapshot-"));
      try {
        const [blob, entry] = [join(folder, "app.blob"), join(folder, "app.js")];
        const main = 'console.log("started")';
        const source = `require("worker_threads"); require("v8").startupSnapshot.setDeserializeMainFunction(() => ${main});`;
        await writeFile(entry, source);
        const built = await runNode(node.binary, ["--snapshot-blob", blob, "--build-snapshot", entry]);
        expect(built.code).toBe(0);
        const run = await runNode(node.binary, ["--require", REGISTER, "--snapshot-blob", blob], {}, ROOT);
        expect(run).toMatchObject({ code: 0, stdout: "started\n" });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test("unhook leaves what others have wrapped since, without effect", async () => {
      const before = ["--require", "./hooks/originals.cjs"];
      const record = await runApp(node.binary, ["./hooks/unhook.mjs", "wrapped"], {}, before);
      expect(record.results).toMatchObject({ required: false, imported: false, compile: false, require: false });
      expect(record.loads).toEqual([]);
    });

    test("hooks can be installed again, and a cycle of ES modules is reported as far as it is evaluated", async () => {
      const index = new URL("../../dist/src/hooks/index.js", import.meta.url).href;
      const record = await runApp(node.binary, ["./hooks/again.mjs", index]);
      expect(record.loads).toEqual([]);
      expect(record.results).toEqual({
        esm: mode,
        files: [
          "hook-cjs/index.js",
          "hook-cjs/lib/internal.js",
          "hook-cycle/first.js",
          "hook-cycle/index.js",
          "hook-cycle/late.js",
          "hook-esm/index.js",
          "hook-esm/lib/internal.js",
        ],
        errors: ["ReferenceError hook-cycle/first.js"],
      });
    });

    test("a file is reported once, when it is whole, and is not resolved once more when it is required again", async () => {
      const record = await runApp(node.binary, ["./hooks/itself.cjs"], { HOOKS_MODULES: "hook-itself" });
      expect(record.results).toEqual({ Metrics: true, asked: 0 });
      expect(record.loads).toMatchObject([{ file: "hook-itself/index.js" }]);
    });

    test("add hooks further packages, and reports their files that are already loaded", async () => {
      const record = await runApp(node.binary, ["./hooks/add.mjs"], { HOOKS_MODULES: "hook-cjs" });
      expect(record.results).toEqual({
        before: mode === "register" ? "none" : mode,
        after: mode,
        early: false,
        other: true,
        nest: true,
        esm: true,
        dual: true,
      });
    });

    test("a preload that comes late sees what was required before it", async () => {
      const run = await runNode(node.binary, ["./hooks/late.mjs", PRELOAD_URL]);
      expect(run.stderr).toBe("");
      expect(run.records[0]?.results).toEqual({ early: true, late: true });
    });

    test("a package that is not installed brings no asynchronous hook", async () => {
      const record = await runApp(node.binary, ["./hooks/rows.mjs", "other"], {
        HOOKS_MODULES: "hook-not-installed:esm",
      });
      expect(record.esm).toBe(mode === "register" ? "none" : mode);
      expect(record.loads).toEqual([]);
    });

    test.for([
      ["changes to the app's directory", `process.chdir(${JSON.stringify(FIXTURES)}); import(${ROWS});`],
      ["requires the app's first file", `require(${JSON.stringify(`${FIXTURES}hooks/rows.cjs`)});`],
    ])("a launcher far from the app that %s", async ([, launcher = ""]) => {
      const folder = await mkdtemp(join(tmpdir(), "flushguard-far-"));
      try {
        await writeFile(join(folder, "launch.cjs"), launcher);
        const args = ["--import", PRELOAD_URL, join(folder, "launch.cjs"), "import-esm"];
        const run = await runNode(node.binary, args, {}, folder);
        expect(run.records[0]?.results).toEqual({ Metrics: true, Internal: true });
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test("nothing is printed", async () => {
      const run = await runNode(node.binary, ["--import", PRELOAD_URL, "./hooks/rows.mjs", "import-esm"]);
      expect({ ...run, records: [], threads: [] }).toEqual({
        code: 0,
        stdout: "",
        stderr: "",
        records: [],
        threads: [],
      });
    });

    test("a hook that throws is reported, and the app does not notice", async () => {
      const cjs = await runApp(node.binary, ["./hooks/rows.mjs", "import-and-require"], { HOOKS_THROW: "1" });
      expect(cjs.results).toEqual({ same: true, Metrics: false });
      expect(cjs.errors).toContainEqual({
        message: "from the hook of hook-cjs/index.js",
        where: "hook-cjs/index.js",
      });
      const esm = await runApp(node.binary, ["./hooks/rows.mjs", "import-esm"], { HOOKS_THROW: "1" });
      expect(esm.results).toEqual({ Metrics: false, Internal: false });
      expect(new Set(esm.errors.map((error) => error.where))).toEqual(new Set(filesOf(esm)));
    });

    test("under the permission model CommonJS stays hooked, and ES modules where no thread is needed", async () => {
      const permission = node.version.startsWith("20.") ? "--experimental-permission" : "--permission";
      const allowed = [permission, "--allow-fs-read=*", "--allow-fs-write=*", "--no-warnings"];
      const record = await runApp(node.binary, ["./hooks/rows.mjs", "sub"], {}, allowed);
      expect(record.results).toEqual({ cjs: true, esm: mode === "registerHooks" });
      expect(record.errors.map((error) => error.where)).toEqual(mode === "register" ? ["module.register"] : []);
    });

    test("an entry with an extension of its own runs with --require; any --import breaks it", async () => {
      const entry = ["./hooks/entry.custom", "require-cjs"];
      const required = await runNode(node.binary, ["--no-warnings", "--require", PRELOAD_CJS, ...entry]);
      expect(required.records[0]?.results).toEqual({ Metrics: true, Internal: true });
      const empty = await runNode(node.binary, ["--import", "data:text/javascript,", ...entry]);
      const hooked = await runNode(node.binary, ["--import", PRELOAD_URL, ...entry]);
      expect(empty.stderr).toContain("ERR_UNKNOWN_FILE_EXTENSION");
      expect(hooked.stderr).toContain("ERR_UNKNOWN_FILE_EXTENSION");
    });

    test.for([[], ["--enable-source-maps"]])("stacks keep their lines and source map %s", async (flags) => {
      const plain = await runNode(node.binary, [...flags, "./hooks/fail.mjs"]);
      const hooked = await runNode(node.binary, [...flags, "--import", PRELOAD_URL, "./hooks/fail.mjs"]);
      expect(filesOf(hooked.records[0] as never)).toEqual(["hook-maps/index.js"]);
      expect(plain.stdout).toContain(flags.length > 0 ? "hook-maps/src/index.ts:6:" : "hook-maps/index.js:2:");
      expect(hooked.stdout).toBe(plain.stdout);
    });
  });
}
