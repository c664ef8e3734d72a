import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runApp } from "../patch/run-app.js";
import { installProjects, type Projects } from "./project.js";

const EXACT = { recorded: 150, delivered: 150, distinct: 150 };
/** The first 100 once, and all 150 with each of the two flushes that overlap. */
const WRONG = { recorded: 150, delivered: 400, distinct: 150 };

let projects: Projects;
beforeAll(async () => {
  projects = await installProjects();
});
afterAll(() => projects?.remove());

async function told(args: readonly string[], node: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<object> {
  const run = await runApp(args, { node, env, cwd: projects.first });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse(run.stdout);
}

test("the tarball has the build, the documents, the licence and the readme, and nothing else", () => {
  const others = projects.files.filter((file) => !/^dist\/|^docs\/[\w-]+\.(?:md|svg)$/.test(file));
  expect(others.sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "docs/alerts.yml",
    "docs/grafana.json",
    "package.json",
  ]);
  expect(projects.files.filter((file) => /\btest|fixture|node_modules|\.ts\.map$/.test(file))).toEqual([]);
});

describe("installed from the tarball into an empty project", () => {
  test.each(["app.mjs", "app.cjs"])("%s loses and repeats unguarded", async (app) => {
    expect(await told([app], [])).toEqual(WRONG);
  });

  test.each([
    ["node --import flushguard/register app.mjs", "app.mjs", ["--import", "flushguard/register"], {}],
    ["node --import flushguard/register app.cjs", "app.cjs", ["--import", "flushguard/register"], {}],
    ["node --require flushguard/register app.cjs", "app.cjs", ["--require", "flushguard/register"], {}],
    ["node --require flushguard/register app.mjs", "app.mjs", ["--require", "flushguard/register"], {}],
    ["NODE_OPTIONS=--import=…", "app.mjs", [], { NODE_OPTIONS: "--import=flushguard/register" }],
    ["NODE_OPTIONS=--require=…", "app.cjs", [], { NODE_OPTIONS: "--require=flushguard/register" }],
  ])("%s delivers all, once", async (_, app, node, env) => {
    expect(await told([app], node, env)).toEqual(EXACT);
  });

  test.each(["app.mjs", "app.cjs"])("FLUSHGUARD=off takes it away: %s", async (app) => {
    expect(await told([app], ["--import", "flushguard/register"], { FLUSHGUARD: "off" })).toEqual(WRONG);
  });

  test("the API is there to import, and require", async () => {
    expect(await told(["api.mjs"], [])).toEqual({
      guarded: EXACT,
      restored: true,
      found: [{ module: "aws-embedded-metrics", version: "4.2.1", patched: ["lib/logger/MetricsLogger.js"] }],
      api: ["function", "function"],
    });
    const required = await runApp(["-p", "Object.keys(require('flushguard')).sort().join()"], {
      node: [],
      cwd: projects.first,
    });

    expect(required.stdout).toBe("collect,defineTarget,disable,drain,enable,guard,status\n");
  });

  test("npx flushguard verify proves what is installed", async () => {
    const run = await runApp(["flushguard", "verify"], {
      binary: "npx",
      node: ["--no-install"],
      cwd: projects.first,
      env: { NO_COLOR: "1" },
    });
    expect(run.code).toBe(0);
    const rows = run.stdout.split("\n").filter((line) => line.includes("✓"));
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(run.stdout).toMatch(/aws-embedded-metrics 4\.2\.1/);
    expect(run.stdout).not.toContain("✗");
  });

  test("two copies in a process: one wrapper and one lock", async () => {
    const registers = [projects.first, projects.second].flatMap((folder) => [
      "--import",
      pathToFileURL(join(folder, "node_modules/flushguard/dist/register.js")).href,
    ]);
    const both = await told(["two-copies.mjs", projects.first, projects.second], registers);
    expect(both).toEqual({
      ...EXACT,
      distinctCopies: true,
      wrappers: [1, 1],
      handles: [{ guarded: true }, { guarded: false, reason: "it is guarded already" }],
      flushes: expect.any(Number),
      listeners: 0,
    });
  });
});
