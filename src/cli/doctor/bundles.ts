import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageFileOf } from "../../hooks/package-file.js";
import { matchesFile } from "../../patch/file-match.js";
import type { TargetEntry } from "../../targets/list.js";
import { type Client, client } from "./client.js";

const SCRIPT = /\.[cm]?js(?:\.map)?$/;
/** Folders with a dot are caches and tools' own, but for these that builds go to. */
const BUILDS = new Set([".aws-sam", ".next", ".nuxt", ".output", ".serverless", ".svelte-kit", ".vercel", ".webpack"]);
/** What is before a path that is loaded rather than inlined. */
const IMPORT = /\b(?:from|import|require)\s*\(?\s*["'`][^"'`]*$/;
/** A bundle that has the API in it, or loads it. */
const API = /node_modules\/flushguard\/|["']flushguard["']/;
const MOST_BYTES = 64 * 1024 * 1024;

function scriptsIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isFile()) return SCRIPT.test(entry.name) ? [path] : [];
      const skipped = entry.name === "node_modules" || (entry.name.startsWith(".") && !BUILDS.has(entry.name));
      return entry.isDirectory() && !skipped ? scriptsIn(path) : [];
    });
  } catch {
    return []; // No leave to read it.
  }
}

function read(path: string): string {
  try {
    return statSync(path).size > MOST_BYTES ? "" : readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * Finds clients that a bundler has put into the app's own files: by the paths of their sources, which bundlers leave in
 * comments, in the names of modules and in source maps. A minified bundle without a source map does not tell.
 */
export class BundleSearch {
  readonly #targets: ReadonlyMap<string, readonly TargetEntry[]>;

  constructor(targets: ReadonlyMap<string, readonly TargetEntry[]>) {
    this.#targets = targets;
  }

  /** What is bundled into the scripts of a directory. */
  inDirectory(directory: string): Client[] {
    return this.inFiles(scriptsIn(directory));
  }

  /** What is bundled into these scripts or source maps. */
  inFiles(paths: readonly string[]): Client[] {
    const found = new Map<string, Client>();
    for (const path of paths) {
      const script = path.replace(/\.map$/, "");
      const text = read(path);
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
      const targets = this.#targets.get(source?.name ?? "")?.flatMap((entry) => entry.load()) ?? [];
      if (source === undefined || IMPORT.test(text.slice(Math.max(0, index - 200), index))) continue;
      if (targets.some(({ file }) => file !== undefined && matchesFile(file, source.file))) modules.add(source.name);
    }
    return modules;
  }
}
