import { fileOf, targets } from "../targets/list.js";
import type { Proof } from "./proof.js";

/** Where a proof is, and how to load it. */
export interface ProofEntry {
  /** Package name. */
  module: string;
  /** URL of the file that exports the proof as `proof`, or a user's scenario by default. Absent: that of the built-in target. */
  url?: string;
  load(): Promise<Proof>;
}

/** An entry for the proof of a package in a file. */
export function proofAt(module: string, url: string): ProofEntry {
  const load = async (): Promise<Proof> =>
    ((await import(url)) as { proof?: Proof }).proof ?? (await ownEntry(module, url).load());
  return { module, url, load };
}

/** An entry for a scenario of the user's, whose file is loaded when it runs. */
export function ownEntry(name: string, url: string): ProofEntry {
  return { module: name, url, load: async () => (await import("./own.js")).ownProof(name, url) };
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
