import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { versionFrom } from "../../dist/src/packages/version-from.js";
import type { Result } from "../../dist/src/proofs/child.js";
import { proofs } from "../../dist/src/proofs/list.js";
import { lossless } from "../../dist/src/proofs/proof.js";
import { runProof } from "../../dist/src/proofs/run.js";
import { runnable } from "../../dist/src/proofs/runnable.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

describe.each(proofs)("the proof of $module", async (proof) => {
  const scenarios = runnable(await proof.load(), versionFrom(proof.module, cwd) ?? "");

  const run = (name: string, guarded: boolean) => runProof(proof, name, { guarded, cwd, timeoutMs: 20_000 });

  /** A race that a busy machine let end well is run again. */
  async function unguarded(name: string): Promise<Result> {
    for (let again = 0; ; again++) {
      const result = await run(name, false);
      if (result.outcome === undefined || !lossless(result.outcome) || again === 2) return result;
    }
  }

  test.each(scenarios)("fails unguarded and holds guarded: $name", async ({ name }) => {
    const [bare, guarded] = await Promise.all([unguarded(name), run(name, true)]);
    expect(bare.error).toBeUndefined();
    expect(bare.outcome).toSatisfy((outcome) => !lossless(outcome));
    expect(guarded.error).toBeUndefined();
    expect(guarded.outcome).toSatisfy(lossless);
  });
});
