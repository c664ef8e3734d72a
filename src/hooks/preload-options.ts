import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const PRELOAD = ["--import", "--require", "-r"];
/** Further options by which modules come to be loaded otherwise than by Node alone. */
const LOADER = [
  "--loader",
  "--experimental-loader",
  "--experimental-config",
  "--experimental-default-config",
  "--test",
];

/** The options of Node that this process was started with, by word, as far as the app has left them there. */
export function startOptions(): string[] {
  const words: (string[] | undefined)[] = [process.execArgv, process.env.NODE_OPTIONS?.split(" ")];
  return words.flatMap((all) => all ?? []).filter((word) => word !== "");
}

/** What `--import` and `--require` name, as written. No regular expressions: they take longer to be ready than all of this. */
export function preloadsIn(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const [option = "", ...named] = word.split("=");
    if (!PRELOAD.includes(option)) return [];
    const specifier = named.length > 0 ? named.join("=") : words[index + 1];
    return specifier === undefined ? [] : [unquoted(specifier)];
  });
}

function unquoted(specifier: string): string {
  return specifier.startsWith('"') ? specifier.slice(1).replace('"', "") : specifier;
}

/** Whether nothing but the preload of this package runs before the app, so that nobody else has a hand in how its modules are loaded. */
export function isOnlyPreload(): boolean {
  const words = startOptions();
  const preloads = preloadsIn(words);
  const hasLoader = words.some((word) => LOADER.some((option) => word.startsWith(option)));
  return preloads.length > 0 && preloads.every(isOwn) && !hasLoader;
}

function isOwn(specifier: string): boolean {
  const folder = join(import.meta.dirname, sep);
  const paths = ["register.js", "register.cjs"].map((file) => folder + file);
  return (
    specifier === "flushguard/register" || paths.some((path) => [path, pathToFileURL(path).href].includes(specifier))
  );
}
