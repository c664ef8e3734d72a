import { describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { NODES } from "../nodes/nodes.js";
import { FIXTURES, filesOf, runApp } from "./run-node.js";

interface Row {
  row: string;
  title: string;
  /** Files that must be reported, no others. */
  files: string[];
  /** What the app finds marked. */
  results: Record<string, boolean>;
  /** How often a class was marked that had no mark. */
  marks: number;
  /** Node arguments before the preload's. */
  before?: string[];
  /** On Node 20, where no hook sees what a required ES module imports. */
  on20?: Partial<Pick<Row, "files" | "results" | "marks">>;
}

const cjs = ["hook-cjs/lib/internal.js", "hook-cjs/index.js"];
const esm = ["hook-esm/lib/internal.js", "hook-esm/index.js"];

const ROWS: Row[] = [
  {
    row: "require-cjs",
    title: "CommonJS is required, and requires its internal file",
    files: cjs,
    results: { Metrics: true, Internal: true },
    marks: 3,
  },
  {
    row: "import-cjs",
    title: "CommonJS is imported, and requires its internal file",
    files: cjs,
    results: { Metrics: true, Internal: true },
    marks: 3,
  },
  {
    row: "import-and-require",
    title: "CommonJS is imported and required: one class, marked once",
    files: cjs,
    results: { same: true, Metrics: true },
    marks: 3,
  },
  {
    row: "import-esm",
    title: "an ES module is imported, and imports its internal file",
    files: esm,
    results: { Metrics: true, Internal: true },
    marks: 4,
  },
  {
    row: "require-esm",
    title: "an ES module is required",
    files: esm,
    results: { Metrics: true },
    marks: 4,
    on20: { files: ["hook-esm/index.js"], marks: 3 },
  },
  {
    row: "require-esm-internal",
    title: "an ES module is required, and imports its internal file (not on Node 20)",
    files: esm,
    results: { Internal: true },
    marks: 4,
    on20: { files: ["hook-esm/index.js"], results: { Internal: false }, marks: 3 },
  },
  {
    row: "require-esm-mjs",
    title: "an .mjs file is required",
    files: ["hook-esm/sub.mjs"],
    results: { Sub: true },
    marks: 1,
  },
  {
    row: "require-typeless",
    title: "an ES module that no package.json declares is required",
    files: ["hook-typeless/lib/internal.js", "hook-typeless/index.js"],
    results: { Metrics: true },
    marks: 2,
    on20: { files: ["hook-typeless/index.js"], marks: 1 },
  },
  {
    row: "import-typeless",
    title: "an ES module that no package.json declares is imported",
    files: ["hook-typeless/lib/internal.js", "hook-typeless/index.js"],
    results: { Metrics: true, Internal: true },
    marks: 2,
  },
  {
    row: "sub",
    title: "a file of a package is loaded by its own path or export",
    files: ["hook-cjs/sub.js", "hook-esm/sub.mjs"],
    results: { cjs: true, esm: true },
    marks: 2,
  },
  {
    row: "dual",
    title: "both copies of a dual package",
    files: ["hook-dual/lib/index.cjs", "hook-dual/lib/index.mjs"],
    results: { copies: true, imported: true, required: true },
    marks: 2,
  },
  {
    row: "nested",
    title: "two nested versions",
    files: ["hook-cjs/lib/internal.js", "hook-cjs/index.js", "hook-cjs/main.js", "hook-nest/index.js"],
    results: { outer: true, nested: true },
    marks: 4,
  },
  {
    row: "scoped",
    title: "a scoped package whose module.exports is the class",
    files: ["@hook-scope/client/index.js"],
    results: { Client: true },
    marks: 1,
  },
  {
    row: "pnpm",
    title: "a package in pnpm's store",
    files: ["hook-pnpm/index.js"],
    results: { Metrics: true },
    marks: 1,
  },
  {
    row: "early-again",
    title: "CommonJS loaded before us and again",
    files: cjs,
    results: { Metrics: true },
    marks: 3,
    before: ["--require", "./hooks/early.cjs"],
  },
  {
    row: "early-never",
    title: "CommonJS loaded before us and never again",
    files: cjs,
    results: { Metrics: true },
    marks: 3,
    before: ["--require", "./hooks/early.cjs"],
  },
  {
    row: "early-esm",
    title: "an ES module loaded before us is out of reach",
    files: [],
    results: { Metrics: false },
    marks: 0,
    before: ["--import", "./hooks/early.mjs"],
  },
  { row: "bundle", title: "a bundled package is out of reach", files: [], results: { Metrics: false }, marks: 0 },
  { row: "other", title: "a package that is not hooked", files: [], results: { Metrics: false }, marks: 0 },
];

for (const node of NODES) {
  for (const app of ["rows.cjs", "rows.mjs"]) {
    describe.concurrent(`${node.name}, ${app}`, () => {
      test.for(ROWS)("$title", async ({ row, before = [], on20, ...everywhere }) => {
        const expected = node.version.startsWith("20.") ? { ...everywhere, ...on20 } : everywhere;
        const record = await runApp(node.binary, [`./hooks/${app}`, row], {}, before);
        expect(record.results).toEqual(expected.results);
        expect(filesOf(record).toSorted()).toEqual(expected.files.toSorted());
        expect(record.marks).toBe(expected.marks);
        expect(record.errors).toEqual([]);
        expect(record.esm).toBe(synchronousHooksWork(node.version) ? "registerHooks" : "register");
      });
    });
  }

  test(`${node.name}: a report names the copy and its format`, async () => {
    const nested = await runApp(node.binary, ["./hooks/rows.cjs", "nested"]);
    expect([...new Set(nested.loads.map((load) => load.basedir.replace(FIXTURES, "")))]).toEqual([
      "node_modules/hook-cjs",
      "node_modules/hook-nest/node_modules/hook-cjs",
      "node_modules/hook-nest",
    ]);
    const dual = await runApp(node.binary, ["./hooks/rows.mjs", "dual"]);
    expect(dual.loads.map((load) => `${load.file} ${load.format}`)).toEqual(
      expect.arrayContaining(["hook-dual/lib/index.cjs commonjs", "hook-dual/lib/index.mjs module"]),
    );
    const required = await runApp(node.binary, ["./hooks/rows.cjs", "require-esm"]);
    expect(new Set(required.loads.map((load) => load.format))).toEqual(new Set(["module"]));
  });
}
