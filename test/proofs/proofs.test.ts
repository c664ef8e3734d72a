import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { proofs } from "../../dist/src/proofs/list.js";
import { lossless } from "../../dist/src/proofs/proof.js";
import { runProof } from "../../dist/src/proofs/run.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

describe.each(proofs)("the proof of $module", async (proof) => {
  const { scenarios } = await proof.load();

  test.each(scenarios)("fails unguarded and holds guarded: $name", async ({ name }) => {
    const unguarded = await runProof(proof, name, { guarded: false, cwd, timeoutMs: 20_000 });
    expect(unguarded.error).toBeUndefined();
    expect(unguarded.outcome).toSatisfy((outcome) => !lossless(outcome));
    const guarded = await runProof(proof, name, { guarded: true, cwd, timeoutMs: 20_000 });
    expect(guarded.error).toBeUndefined();
    expect(guarded.outcome).toSatisfy(lossless);
  });
});
