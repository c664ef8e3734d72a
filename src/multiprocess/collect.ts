import { resolve } from "node:path";
import type { Family } from "./family.js";
import { type Collected, Collector, type Others } from "./merge/collector.js";
import { healthFamilies } from "./merge/health.js";
import type { IsWanted } from "./merge/merge.js";

/** Registries may have the same in several: who asks for no registry gets it once. */
const isFirst: IsWanted = ({ registry }, _, isInDefault) => registry === undefined || !isInDefault;

const collectors = new Map<string, Collector>();

function collectorOf(directory: string): Collector {
  const path = resolve(directory);
  let collector = collectors.get(path);
  if (collector === undefined) {
    collector = new Collector(path);
    collectors.set(path, collector);
  }
  return collector;
}

/**
 * Adds up what the processes have recorded in a directory: of those alive, and of all that ever were.
 * @param directory as in FLUSHGUARD_MULTIPROCESS_DIR
 * @param isWanted says which metrics, by default all: of those of one name the ones of the default registry, where any are
 * @param others gives what is in no file
 * @returns the metrics, and how the files stand. Never rejects because of what is in the directory
 */
export function collect(directory: string, isWanted: IsWanted = isFirst, others?: Others): Promise<Collected> {
  return collectorOf(directory).collect(isWanted, others);
}

/** All of the metrics, with those that say how the files stand. */
export async function collectAll(directory: string): Promise<Family[]> {
  const { families, health } = await collect(directory);
  return [...families, ...healthFamilies(health)];
}

/** Those alone that say how the files stand. */
export async function collectHealth(directory: string): Promise<Family[]> {
  const { health } = await collect(directory, () => false);
  return healthFamilies(health);
}

/**
 * Folds what dead processes have left in the directory into one file, at once. Never throws.
 * @param all also where so little has come together that it is not worth while yet
 * @returns false where another process is at it
 */
export function tidy(directory: string, all = false): boolean {
  return collectorOf(directory).tidy(all);
}
