import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { runApp } from "../patch/run-app.js";

const ROLES = { record: ["count"], flush: ["flush"] };
const targets = [
  { module: "patch-export", export: "Metrics", ...ROLES },
  { module: "patch-function", factory: "default", ...ROLES },
];

describe.each(NODES)("$name, a client that a test replaces and puts back", ({ binary }) => {
  test.concurrent.each(targets)("$module: the app gets what it would get without us", async (target) => {
    const app = ["mocked.cjs", target.module];
    const guarded = await runApp(app, { binary, targets: [target] });
    expect(guarded).toEqual(await runApp(app, { binary, node: [] }));
    expect(guarded).toMatchObject({ code: 0, stderr: "" });
  });
});
