import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Family } from "../../dist/src/multiprocess/family.js";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { Store } from "../../dist/src/multiprocess/store/store.js";

export const BAD = "flushguard_multiprocess_bad_files_total";

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "flushguard-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A store that is closed with the test: to others, a process that lives until then. */
export function openStore(directory: string): Store {
  const store = new Store(directory, (error) => {
    throw error;
  });
  onTestFinished(() => store.close());
  return store;
}

/** What a reader sees that has not read before. */
export async function samples(
  directory: string,
  collector = new Collector(directory),
): Promise<Record<string, number>> {
  const { families, health } = await collector.collect(() => true);
  return { ...valuesOf(families), ...(health.badFiles > 0 && { [BAD]: health.badFiles }) };
}

/** Looks twice at what is damaged, more than a second apart, as a reader that condemns it does. */
export async function condemn(directory: string): Promise<Record<string, number>> {
  const collector = new Collector(directory);
  await samples(directory, collector);
  await sleep(1100);
  return samples(directory, collector);
}

/** By `name{labels}`. */
export function valuesOf(families: readonly Family[]): Record<string, number> {
  const shown = families.flatMap((family) => [...family.samples]);
  return Object.fromEntries(shown.map(({ name, labels, value }) => [labels ? `${name}{${labels}}` : name, value]));
}

export const filesIn = (directory: string): string[] => readdirSync(directory).sort();

/** The one file of a process that is there. */
export function onlyFile(directory: string): { path: string; content: Buffer } {
  const names = filesIn(directory).filter((name) => /^\d.*\.flushguard$/.test(name));
  if (names.length !== 1) throw new Error(`${names.length} files`);
  const path = join(directory, String(names[0]));
  return { path, content: readFileSync(path) };
}

/** How many descriptors this process has open. @throws where the system does not tell */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
