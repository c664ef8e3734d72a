import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EXACT, REGISTER, told, WRONG } from "./run-app.js";

const REGISTER_CJS = fileURLToPath(new URL("../../dist/register.cjs", import.meta.url));
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

function everywhere(race: object): object {
  const both = { required: race, imported: race };
  return { main: both, worker: both, fork: both, cluster: both };
}

test("unguarded, a race is lost in every thread and process", async () => {
  expect(await told(["children.mjs"], { node: [] })).toMatchObject(everywhere(WRONG));
});

test.each([
  ["--import", { node: ["--import", REGISTER.href] }],
  ["--require", { node: ["--require", REGISTER_CJS] }],
  ["NODE_OPTIONS", { node: [], env: { NODE_OPTIONS: `--import ${REGISTER.href}` } }],
])("under %s, workers, forked processes and cluster workers inherit the guard", async (_, options) => {
  const run = await told(["children.mjs"], { ...options, targets: [METRICS] });
  expect(run.stderr).toBe("");
  expect(run).toMatchObject(everywhere(EXACT));
});
