import { satisfies } from "semver";
import { describe, expect, test } from "vitest";
import { versionFrom } from "../../dist/src/cli/version-from.js";
import { proofs } from "../../dist/src/proofs/list.js";
import { lossless } from "../../dist/src/proofs/proof.js";
import { runThenExit } from "./exit-run.js";

/** Its flush does not return too early, but not at all. */
const NEVER_RETURNS = "flush() under steady traffic";

/** Its server speaks gRPC, and is of the app's own process. */
const OWN_SERVER = "@google-cloud/pubsub";

const cases = await Promise.all(
  proofs
    .filter(({ module }) => module !== OWN_SERVER)
    .map(async (entry) => {
      const { scenarios } = await entry.load();
      const early = scenarios.filter(({ name, hazard }) => hazard === "early return" && name !== NEVER_RETURNS);
      const version = versionFrom(entry.module, process.cwd());
      if (early.length > 0 && version === undefined) throw new Error(`${entry.module} is not installed`);
      return early
        .filter(({ versions = "*" }) => satisfies(version ?? "", versions, { includePrerelease: true }))
        .map(({ name }) => ({ module: entry.module, name, entry }));
    }),
);

describe("await flush(); process.exit()", () => {
  test.for(cases.flat())("$module: $name", async ({ entry, name }) => {
    let unguarded = await runThenExit(entry, name, false);
    // On a busy machine the answer may come before the exit.
    for (let again = 0; again < 4 && unguarded.delivered === unguarded.recorded; again++) {
      unguarded = await runThenExit(entry, name, false);
    }
    const guarded = await runThenExit(entry, name, true);
    expect(unguarded.delivered, "unguarded").toBeLessThan(unguarded.recorded);
    expect(lossless({ ...guarded, violations: [] }), JSON.stringify(guarded)).toBe(true);
  });
});
