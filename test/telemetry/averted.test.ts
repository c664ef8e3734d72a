import { expect, test } from "vitest";
import { EXACT, runApp, told } from "../patch/run-app.js";

const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };
const AVERTED = "flushguard: averted, though not all of it would have been lost: patch-export: ";

test("a process at the level info ends with a line of what the guard has averted", async () => {
  const app = (env: NodeJS.ProcessEnv) => told(["reach.cjs", "export"], { targets: [METRICS], env });
  const run = await app({ FLUSHGUARD_LOG: "info" });
  expect(run).toMatchObject(EXACT);
  expect(run.stderr.split("\n").filter((line) => line.startsWith(AVERTED))).toHaveLength(1);
  expect(run.stderr).toMatch(/: (?:.*, )?lost update 50\b.*\n$/);
  expect((await app({ FLUSHGUARD_LOG: "warn" })).stderr).toBe("");
  expect((await app({ FLUSHGUARD_LOG: "info", FLUSHGUARD: "observe" })).stderr).not.toContain(AVERTED);
});

test("it takes no listener, and what it hears by goes with the guard", async () => {
  const index = JSON.stringify(new URL("../../dist/index.js", import.meta.url).href);
  const left = `import(${index}).then(async ({ disable }) => {
    const count = process.listenerCount("exit");
    await disable();
    console.log(count, Object.hasOwn(process, "emit"));
  });`;
  expect(await runApp(["--eval", left], { env: { FLUSHGUARD_LOG: "info" } })).toMatchObject({ stdout: "0 false\n" });
});
