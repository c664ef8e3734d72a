import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AppRun, type Options, runApp } from "../patch/run-app.js";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

export interface Loaded extends AppRun {
  /** Every script that ran, of the app and of the preload: ours by their name, those of packages from the package on. */
  scripts: string[];
  /** What our scripts were made of: our sources from `src` on, bundled packages from the package on. */
  sources: string[];
  lines: number;
}

function fromPackage(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** A published file by the name that it has in every version. */
function unversioned(name: string): string {
  return name.replace(/-\d+\.\d+\.\d+\.cjs$/, ".cjs");
}

/** What one of the published files was made of. */
async function sourcesOf(name: string): Promise<string[]> {
  // Those that are not published are beside the sources one by one. The ES module has that of the CommonJS file that it is made of.
  const file = name === "register.js" ? "register.cjs" : name;
  const map = [DIST, join(DIST, "src/maps")].map((folder) => join(folder, `${file}.map`)).find(existsSync);
  if (map === undefined) return [];
  const { sources } = JSON.parse(await readFile(map, "utf8")) as { sources: string[] };
  return sources.map((source) => (source.startsWith("../src/") ? source.slice(3) : fromPackage(source)));
}

/** Runs an app and lists what it loads, from V8's own list of the scripts it has compiled. */
export async function loadedBy(args: readonly string[], options: Options = {}): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), "flushguard-coverage-"));
  try {
    const run = await runApp(args, { ...options, env: { ...options.env, NODE_V8_COVERAGE: folder } });
    const urls = new Set<string>();
    for (const file of await readdir(folder)) {
      const { result } = JSON.parse(await readFile(join(folder, file), "utf8")) as { result: { url: string }[] };
      for (const { url } of result) if (url.startsWith("file:")) urls.add(url);
    }
    const paths = [...urls].map((url) => fileURLToPath(url)).filter((path) => !path.includes("/fixtures/patch/"));
    const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
    const ours = paths.filter((path) => path.startsWith(DIST)).map((path) => path.slice(DIST.length));
    return {
      ...run,
      scripts: [...ours.map(unversioned), ...paths.filter((path) => !path.startsWith(DIST)).map(fromPackage)].sort(),
      sources: (await Promise.all(ours.map(sourcesOf))).flat().sort(),
      lines: texts.reduce((lines, text) => lines + text.split("\n").length - 1, 0),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
