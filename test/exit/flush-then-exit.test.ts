import { satisfies } from "semver";
import { describe, expect, test } from "vitest";
import { versionFrom } from "../../dist/src/packages/version-from.js";
import { type ProofEntry, proofs } from "../../dist/src/proofs/list.js";
import { lossless, type Outcome } from "../../dist/src/proofs/proof.js";
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

/** What the app loses unguarded. On a busy machine the answer may come before the exit. */
async function unguarded(entry: ProofEntry, name: string): Promise<Outcome> {
  for (let again = 0; ; again++) {
    const outcome = await runThenExit(entry, name, false);
    if (outcome.delivered < outcome.recorded || again === 4) return outcome;
  }
}

describe("await flush(); process.exit()", () => {
  test.for(cases.flat())("$module: $name", async ({ entry, name }) => {
    const [bare, guarded] = await Promise.all([unguarded(entry, name), runThenExit(entry, name, true)]);
    expect(bare.delivered, "unguarded").toBeLessThan(bare.recorded);
    expect(lossless({ ...guarded, violations: [] }), JSON.stringify(guarded)).toBe(true);
  });
});
