import { fileOf, targets } from "../targets/list.js";
import type { Proof } from "./proof.js";

/** Where a proof is, and how to load it. */
export interface ProofEntry {
  /** Package name. */
  module: string;
  /** URL of the file that exports the proof as `proof`. */
  url: string;
  load(): Promise<Proof>;
}

/** An entry for the proof of a package. */
export function proofAt(module: string, url: string): ProofEntry {
  return { module, url, load: async () => ((await import(url)) as { proof: Proof }).proof };
}

/** The proofs of the built-in targets, in their order. */
export const proofs: readonly ProofEntry[] = targets.map(({ module }) =>
  proofAt(module, new URL(`./${fileOf(module)}.js`, import.meta.url).href),
);
