import { describe, expect, test } from "vitest";
import { folder } from "../multiprocess/in-process.js";
import { NODES } from "../nodes/nodes.js";
import { REGISTER, runApp } from "../patch/run-app.js";

const TARGETS = [{ module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] }];
const PRELOAD = ["--import", REGISTER.href];
const WARNING = "MaxListenersExceededWarning";
const LATER = "12, said later";

const start = (way: string, { more = 0, node = PRELOAD, binary = process.execPath } = {}) =>
  runApp(["listeners.cjs", way, String(more)], {
    targets: TARGETS,
    binary,
    node,
    env: { FLUSHGUARD_MULTIPROCESS_DIR: folder() },
  });

async function hearsNothing(way: string, binary?: string): Promise<void> {
  const { code, stdout, stderr } = await start(way, { binary });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { limit, exit } = JSON.parse(stdout);
  expect(exit).toBe(limit);
}

async function hearsOfItsOwn(way: string, binary?: string): Promise<void> {
  expect((await start(way, { binary, more: 1, node: [] })).stderr).toContain(WARNING);
  expect((await start(way, { binary, more: 1 })).stderr).toContain(WARNING);
}

describe("an app that may have so many listeners", () => {
  test.each(["10, as ever", "any number", "up to infinity", "4", LATER, "4, said later", "12, said later for all"])(
    "and has them hears nothing of those of the guard: %s",
    (way) => hearsNothing(way),
  );

  test.each(["10, as ever", "4", "4, said later", "12, said later for all"])(
    "and has one more hears of that: %s",
    (way) => hearsOfItsOwn(way),
  );
});

test.each(NODES)("$name: so it is where the app says it later", async ({ binary }) => {
  await hearsNothing(LATER, binary);
  await hearsOfItsOwn(LATER, binary);
});

test("what is observed and what `flushguard doctor` is told take none either", async () => {
  const { stderr } = await runApp(["ten-listeners.cjs"], {
    env: { FLUSHGUARD: "observe", FLUSHGUARD_DOCTOR: folder() },
  });
  expect(stderr).toContain("observed, nothing was changed");
  expect(stderr).not.toContain(WARNING);
});
