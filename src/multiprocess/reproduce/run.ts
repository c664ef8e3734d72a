import { rm } from "node:fs/promises";
import { makeDirectory } from "../store/make-directory.js";
import type { Place } from "./mode.js";
import type { Random } from "./random.js";
import type { Tally } from "./tally.js";

/** What both kinds of run work with. */
export interface Run {
  place: Place;
  /** Where the writers are scraped. */
  url: string;
  /** Draws the reconfigurations, and nothing else. */
  random: Random;
  /** The seed of a writer's next job. */
  jobSeed(): number;
  tally: Tally;
  log(line: string): void;
  /** Aborted when the user has seen enough. */
  ending: AbortSignal;
}

/** What the log says of it. */
export function cleaningUp({ folder }: Place): string {
  return `Cleaning up prometheus multiprocessing dir: ${folder}`;
}

/** Makes the folder, or removes all that is in it. */
export async function cleanUp({ folder }: Place): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  makeDirectory(folder);
}
