import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AppRun, type Options, runApp } from "../patch/run-app.js";

/** Where this package and its dependencies are, whichever folder the latter are linked from. */
const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

export interface Loaded extends AppRun {
  /** Every script that ran, of the app and of the preload: ours by their path in dist, dependencies from their package on. */
  scripts: string[];
  lines: number;
}

function shorten(path: string): string {
  if (path.startsWith(DIST)) return path.slice(DIST.length);
  return path.slice(path.lastIndexOf("/node_modules/") + 1).replace(/^node_modules\//, "");
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
    return {
      ...run,
      scripts: paths.map(shorten).sort(),
      lines: texts.reduce((lines, text) => lines + text.split("\n").length - 1, 0),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
