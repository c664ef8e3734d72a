import { expect, test } from "vitest";
import { REGISTER, told } from "./run-app.js";

test("instances whose own methods are guarded are collected", async () => {
  const target = { module: "patch-bound", factory: "bound", record: ["count"], flush: ["flush"] };
  const run = await told<{ made: number; kept: number }>(["collected.mjs"], {
    node: ["--expose-gc", "--import", REGISTER.href],
    targets: [target],
  });
  expect(run.stderr).toBe("");
  expect(run.made).toBe(400);
  // The last ones may still be on the stack.
  expect(run.kept).toBeLessThanOrEqual(4);
});
