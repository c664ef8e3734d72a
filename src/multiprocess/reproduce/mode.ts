import { join } from "node:path";

export const MODES = ["broken", "guarded"] as const;

export type Mode = (typeof MODES)[number];

/** Where the writers of a master keep what they count. */
export interface Place {
  mode: Mode;
  folder: string;
  /** Process id of the master, which its writers take for theirs in the broken mode. */
  master: number;
}

/** The one file of the broken mode. */
export function sharedPath({ folder, master }: Place): string {
  return join(folder, `counter_${master}.db`);
}
