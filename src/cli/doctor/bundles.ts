import { type Dirent, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { matchesFile } from "../../packages/file-match.js";
import { packageFileOf } from "../../packages/package-file.js";
import type { Target } from "../../target.js";
import type { TargetEntry } from "../../targets/list.js";
import { type Client, type Copy, client } from "./client.js";
import { textOf } from "./text.js";
import { namesIn, Traits } from "./traits.js";

const SCRIPT = /\.[cm]?js(?:\.map)?$/;
/** Folders with a dot are caches and tools' own, but for these that builds go to. */
const BUILDS = new Set([".aws-sam", ".next", ".nuxt", ".output", ".serverless", ".svelte-kit", ".vercel", ".webpack"]);
/** What is before a path that is loaded rather than inlined. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["'`][^"'`]*$/;
/** A bundle that has the API in it, or loads it. */
const API = /node_modules\/flushguard\/|["']flushguard["']/;
const MOST_MIB = 64;

function* filesIn(directory: string): Generator<string> {
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry.name);
    if (entry.isFile()) yield path;
    const skipped = entry.name === "node_modules" || (entry.name.startsWith(".") && !BUILDS.has(entry.name));
    if (entry.isDirectory() && !skipped) yield* filesIn(path);
  }
}

/**
 * The scripts of a directory, until the time is over.
 * @param leftOut takes a line for what is not among them
 */
function* withinLimits(directory: string, mostMs: number, leftOut: string[]): Generator<string> {
  const end = performance.now() + mostMs;
  for (const path of filesIn(directory)) {
    const file = relative(directory, path);
    if (performance.now() >= end) {
      leftOut.push(`${file} and what comes after it: all of it takes more than ${mostMs / 1000} seconds`);
      return;
    }
    if (!SCRIPT.test(path)) continue;
    if (isTooLarge(path)) leftOut.push(`${file}, which is larger than ${MOST_MIB} MiB`);
    else yield path;
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return []; // No leave to read it.
  }
}

function isTooLarge(path: string): boolean {
  try {
    return statSync(path).size > MOST_MIB * 1024 * 1024;
  } catch {
    return false;
  }
}

/**
 * Finds clients that a bundler has put into the app's own files: by the paths of their sources, which bundlers leave in
 * comments, in the names of modules and in source maps; and in a minified bundle by the names that are in the files of
 * the copies that are installed.
 */
export class BundleSearch {
  readonly #targets: ReadonlyMap<string, readonly TargetEntry[]>;
  readonly #traits: readonly { module: string; traits: Traits }[];
  readonly #folders: readonly string[];

  /** @param installed copies that a bundle may have been made from */
  constructor(targets: ReadonlyMap<string, readonly TargetEntry[]>, installed: readonly Copy[] = []) {
    this.#targets = targets;
    this.#folders = installed.map(({ path }) => join(path, sep));
    this.#traits = installed.map(({ module, path }) => ({ module, traits: new Traits(path, this.#targetsOf(module)) }));
  }

  #targetsOf(module: string): Target[] {
    return this.#targets.get(module)?.flatMap((entry) => entry.load()) ?? [];
  }

  /**
   * What is bundled into the scripts of a directory.
   * @param mostMs milliseconds after which no further script is searched
   */
  inDirectory(directory: string, mostMs: number): { clients: Client[]; unsearched: string[] } {
    const unsearched: string[] = [];
    const clients = this.inFiles(withinLimits(directory, mostMs, unsearched));
    return { clients, unsearched };
  }

  /** What is bundled into these scripts or source maps. */
  inFiles(paths: Iterable<string>): Client[] {
    const found = new Map<string, Client>();
    for (const path of paths) {
      // A copy that is linked from the app's own folders is no bundle of itself.
      if (this.#folders.some((folder) => path.startsWith(folder))) continue;
      const script = path.replace(/\.map$/, "");
      const text = isTooLarge(path) ? "" : textOf(path);
      for (const module of this.#modulesIn(text)) {
        const copy = { module, version: "unknown", path: script };
        const inlined = API.test(text)
          ? client(copy, "left to the app", ["it is bundled together with flushguard, for the app to call guard()"])
          : client(copy, "bundled", [
              "no module is loaded that could be hooked: call guard(), or leave it out of the bundle",
            ]);
        found.set(`${script} ${module}`, inlined);
      }
    }
    return [...found.values()];
  }

  #modulesIn(text: string): Set<string> {
    const modules = new Set<string>();
    for (const { 0: path, index } of text.matchAll(/node_modules\/[\w@.+/-]+/g)) {
      const source = packageFileOf(`/${path}`, "/");
      const targets = this.#targetsOf(source?.name ?? "");
      if (source === undefined || IMPORT.test(text.slice(Math.max(0, index - 200), index))) continue;
      if (targets.some(({ file }) => file !== undefined && matchesFile(file, source.file))) modules.add(source.name);
    }
    const names = this.#traits.length === 0 ? new Set<string>() : namesIn(text);
    for (const { module, traits } of this.#traits) if (traits.areAmong(names)) modules.add(module);
    return modules;
  }
}
