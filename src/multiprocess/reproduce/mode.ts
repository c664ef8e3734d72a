import { join } from "node:path";
import { collect } from "../collect.js";
import type { Family } from "../family.js";
import { OwnStore } from "./own-store.js";
import type { Recorder } from "./recorder.js";
import { collectShared, SharedFile } from "./shared-file.js";

export const MODES = ["broken", "guarded"] as const;

export type Mode = (typeof MODES)[number];

/** Where the writers of a master keep what they count. */
export interface Place {
  mode: Mode;
  folder: string;
  /** Process id of the master, which its writers take for theirs in the broken mode. */
  master: number;
}

function sharedPath({ folder, master }: Place): string {
  return join(folder, `counter_${master}.db`);
}

/** Opens what a writer counts in. */
export function recorderIn(place: Place): Recorder {
  return place.mode === "broken" ? new SharedFile(sharedPath(place)) : new OwnStore(place.folder);
}

/** What all writers have counted, as a scrape has it. */
export async function collectIn(place: Place): Promise<Family[]> {
  return place.mode === "broken" ? collectShared(sharedPath(place)) : collect(place.folder);
}
