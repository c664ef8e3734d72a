import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AGENTS } from "../../dist/src/cli/doctor/agents.js";
import { installed } from "../doctor/packages.js";
import { NODES } from "../nodes/nodes.js";
import { APPS, EXACT, REGISTER, runApp } from "./run-app.js";

const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

/** What an agent is at work on, by the app it runs in. */
const AGENT_FILES = [
  // Its hooks see what is imported; OpenTelemetry's instrumentation of what is required has tests of its own.
  ["import-in-the-middle", "iitm-agent.mjs", { "reach.mjs": ["patch-export"], "reach.cjs": [], "aws.cjs": [] }],
  ["dd-trace", "dd-agent.mjs", { "reach.mjs": ["http"], "reach.cjs": ["http"], "aws.cjs": ["http"] }],
] as const;

test("the agents that the doctor calls tested are those of the tests", () => {
  const versionOf = (name: string) => JSON.parse(readFileSync(join(installed(name), "package.json"), "utf8")).version;
  const tested = Object.entries(AGENTS).filter(([, version]) => version !== undefined);
  expect(Object.fromEntries(tested)).toEqual(Object.fromEntries(tested.map(([name]) => [name, versionOf(name)])));
});

describe.each(NODES)("$name", ({ binary, version }) => {
  describe.each(AGENT_FILES)("%s", (name, file, work) => {
    const preloads = [
      ["before the guard", [join(APPS, file), REGISTER.href]],
      ["after the guard", [REGISTER.href, join(APPS, file)]],
    ] as const;
    test.each(preloads)("%s: both at work", async (_, order) => {
      const node = ["--no-warnings", ...order.flatMap((preload) => ["--import", preload])];
      for (const [app, expected] of Object.entries(work)) {
        const run = await runApp([app, "export"], { binary, node, targets: [METRICS] });
        expect(run).toMatchObject({ code: 0, stderr: "" });
        const [race = "", agent = ""] = run.stdout.split("\n").filter(Boolean);
        expect(JSON.parse(race)).toMatchObject(EXACT);
        // Datadog's tracer leaves Node 20 alone.
        expect(JSON.parse(agent)).toEqual(name === "dd-trace" && version.startsWith("20.") ? [] : expected);
      }
    });
  });
});
