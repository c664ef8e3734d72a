import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { versionFrom } from "../../dist/src/cli/version-from.js";
import { proofs } from "../../dist/src/proofs/list.js";
import { lossless } from "../../dist/src/proofs/proof.js";
import { runProof } from "../../dist/src/proofs/run.js";
import { runnable } from "../../dist/src/proofs/runnable.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

describe.each(proofs)("the proof of $module", async (proof) => {
  const scenarios = runnable(await proof.load(), versionFrom(proof.module, cwd) ?? "");

  test.each(scenarios)("fails unguarded and holds guarded: $name", async ({ name }) => {
    let unguarded = await runProof(proof, name, { guarded: false, cwd, timeoutMs: 20_000 });
    // A race that a busy machine let end well.
    for (let again = 0; again < 2 && unguarded.outcome !== undefined && lossless(unguarded.outcome); again++) {
      unguarded = await runProof(proof, name, { guarded: false, cwd, timeoutMs: 20_000 });
    }
    expect(unguarded.error).toBeUndefined();
    expect(unguarded.outcome).toSatisfy((outcome) => !lossless(outcome));
    const guarded = await runProof(proof, name, { guarded: true, cwd, timeoutMs: 20_000 });
    expect(guarded.error).toBeUndefined();
    expect(guarded.outcome).toSatisfy(lossless);
  });
});
