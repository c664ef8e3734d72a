import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { EXACT, runApp, WRONG } from "./run-app.js";

const OURS = fileURLToPath(new URL("../../dist/register.cjs", import.meta.url));
const OTHER = "./other-agent.cjs";
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

async function race(app: string, preloads: readonly string[], buffers = {}): Promise<object[]> {
  const node = preloads.flatMap((preload) => ["--require", preload]);
  const run = await runApp([app, "export"], { node, targets: [{ ...METRICS, ...buffers }] });
  expect(run).toMatchObject({ code: 0, stderr: "" });
  return run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("another agent that hooks require and compilation and wraps the same method", () => {
  const called = { required: 1, compiled: 1, called: 160 };

  test("alone", async () => {
    expect(await race("reach.cjs", [OTHER])).toMatchObject([WRONG, called]);
  });

  test.each([
    ["before the guard", [OTHER, OURS]],
    ["after the guard", [OURS, OTHER]],
  ])("%s: both at work", async (_, preloads) => {
    expect(await race("reach.cjs", preloads)).toMatchObject([EXACT, called]);
    expect(await race("reach.cjs", preloads, { buffers: { bucket: "sum" } })).toMatchObject([EXACT, called]);
    // Its hook on require does not see the copy that is imported.
    const imported = { required: 0, compiled: 0, called: 0 };
    expect(await race("reach.mjs", preloads)).toMatchObject([EXACT, imported]);
  });
});

test("the preload twice, in both its forms, guards once", async () => {
  const register = fileURLToPath(new URL("../../dist/register.js", import.meta.url));
  const node = ["--require", OURS, "--import", register, "--import", register];
  const run = await runApp(["reach.cjs", "export"], { node, targets: [METRICS] });
  expect(run.stderr).toBe("");
  expect(JSON.parse(run.stdout)).toMatchObject(EXACT);
});
