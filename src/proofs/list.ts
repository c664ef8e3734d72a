import { fileOf, targets } from "../targets/list.js";
import type { Proof } from "./proof.js";

/** Where a proof is, and how to load it. */
export interface ProofEntry {
  /** Package name. */
  module: string;
  /** URL of the file that exports the proof as `proof`. Absent: that of the built-in target. */
  url?: string;
  load(): Promise<Proof>;
}

/** An entry for the proof of a package in a file. */
export function proofAt(module: string, url: string): ProofEntry {
  return { module, url, load: async () => ((await import(url)) as { proof: Proof }).proof };
}

/** The proofs of the built-in targets, in their order. */
export const proofs: readonly ProofEntry[] = targets.map(({ module }) => ({
  module,
  load: async () => ((await import(`./${fileOf(module)}.js`)) as { proof: Proof }).proof,
}));

/**
 * @param url as in its entry
 * @throws where there is none
 */
export function proofOf(module: string, url: string | undefined): ProofEntry {
  const entry = url === undefined ? proofs.find((proof) => proof.module === module) : proofAt(module, url);
  if (entry === undefined) throw new Error(`${module} has no proof`);
  return entry;
}
