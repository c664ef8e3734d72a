import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { EXACT, told } from "../patch/run-app.js";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const METRICS = { module: "patch-export", export: "Metrics", record: ["count"], flush: ["flush"] };

describe.each(NODES)("$name, its own files before the first flush", ({ binary }) => {
  test.each(["none", "removed", "replaced", "faked"])("%s: nothing is lost or repeated", async (how) => {
    const folder = await mkdtemp(join(tmpdir(), "flushguard-deployed-"));
    try {
      const dist = join(folder, "dist");
      await cp(DIST, dist, { recursive: true, filter: (path) => path !== join(DIST, "src") });
      const node = ["--require", join(dist, "register.cjs")];
      const run = await told(["deployed.cjs", how, dist], { binary, node, targets: [METRICS] });
      expect(run).toMatchObject({ ...EXACT, stderr: "" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
