import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Family } from "../../dist/src/multiprocess/family.js";
import { Collector } from "../../dist/src/multiprocess/merge/collector.js";
import { Store } from "../../dist/src/multiprocess/store/store.js";

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
  return valuesOf(await collector.collect(() => true));
}

/** By `name{labels}`, without the counter of bad files, which is in every view, while it is 0. */
export function valuesOf(families: readonly Family[]): Record<string, number> {
  const all = families.flatMap((family) => family.samples);
  const shown = all.filter(({ name, value }) => name !== "flushguard_multiprocess_bad_files_total" || value > 0);
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
