import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const PRELOAD = /(?:^|\s)(?:--import|--require|-r)(?:=|\s+)"?([^\s"]+)/g;
/** Further options by which modules come to be loaded otherwise than by Node alone. */
const LOADER = /--(?:experimental-)?(?:loader|config|default-config|test)\b/;

/** The options of Node that this process was started with. */
export function startOptions(): string {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
}

/** What `--import` and `--require` name, as written. */
export function preloadsIn(options: string): string[] {
  return [...options.matchAll(PRELOAD)].flatMap(([, specifier]) => specifier ?? []);
}

/** Whether nothing but the preload of this package runs before the app, so that nobody else has a hand in how its modules are loaded. */
export function isOnlyPreload(): boolean {
  const options = startOptions();
  const preloads = preloadsIn(options);
  return preloads.length > 0 && preloads.every(isOwn) && !LOADER.test(options);
}

function isOwn(specifier: string): boolean {
  const folder = join(dirname(fileURLToPath(import.meta.url)), sep);
  const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
  return specifier === "flushguard/register" || (path.startsWith(folder) && /register\.c?js$/.test(path));
}
