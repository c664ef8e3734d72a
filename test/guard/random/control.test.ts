import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const TIMEOUT_MS = 300_000;

test("the comparison finds the fault of every faulty guard, and none where there is no guard", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "control.mjs"), "100"]);
  const { nothing, ...faulty } = JSON.parse(stdout) as Record<string, Record<string, number>>;
  expect(nothing).toEqual({});
  expect(Object.keys(faulty).filter((fault) => !(faulty[fault]?.[fault] ?? 0))).toEqual([]);
});
