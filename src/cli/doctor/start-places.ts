import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** What is preloaded of flushguard there. Absent: Node is started without it. */
  preload?: string;
}

/** Files that say how an app is started, and the lines in them that do. */
const FILES: readonly [name: RegExp, starts: RegExp][] = [
  [/^(?:.+\.)?(?:Dockerfile|Containerfile)(?:\..+)?$/i, /^\s*(?:CMD|ENTRYPOINT)\b.*\bnode\b/i],
  [/^(?:docker-)?compose(?:\..+)?\.ya?ml$/, /^\s*(?:command|entrypoint):.*\bnode\b/],
  [/^Procfile(?:\..+)?$/, /^\s*[\w-]+:.*\bnode\b/],
  [/^(?:ecosystem|pm2|process)(?:\.config)?\.(?:[cm]?js|json|ya?ml)$/, /^\s*["']?script["']?\s*:/],
  [/\.service$/, /^\s*ExecStart\s*=.*\bnode\b/],
];

const PRELOAD = /[\w@:/.\\-]*flushguard[\w/.\\-]*[/\\]register(?:\.[cm]?js)?\b/;
const COMMENT = /^\s*(?:#|\/\/|\/?\*|;)/;
const STARTS_NODE = /(?:^|[\s;&|])node(?:\s|$)/;

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // A directory of that name, or no leave to read it.
  }
}

/** By script, as each is a command of its own. One without the preload counts where it starts the app. */
function inScripts(directory: string): StartPlace[] {
  let scripts: unknown;
  try {
    scripts = (JSON.parse(text(join(directory, "package.json"))) as { scripts?: unknown } | null)?.scripts;
  } catch {
    return []; // None, or broken: not for this package to judge.
  }
  return Object.entries(scripts ?? {}).flatMap(([name, command]): StartPlace[] => {
    if (typeof command !== "string") return [];
    const place = `package.json scripts.${name}`;
    const [preload] = PRELOAD.exec(command) ?? [];
    if (preload !== undefined) return [{ place, preload }];
    return name === "start" && STARTS_NODE.test(command) ? [{ place }] : [];
  });
}

function inFile(directory: string, file: string, starts: RegExp): StartPlace[] {
  const lines = text(join(directory, file))
    .split("\n")
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
    .filter(({ line }) => !COMMENT.test(line));
  const preloads = lines.flatMap(({ line, place }): StartPlace[] => {
    const [preload] = PRELOAD.exec(line) ?? [];
    return preload === undefined ? [] : [{ place, preload }];
  });
  if (preloads.length > 0) return preloads;
  return lines.filter(({ line }) => starts.test(line)).map(({ place }) => ({ place }));
}

/** Where the files in an app's folder start Node, with the preload or without. */
export function startPlaces(directory: string): StartPlace[] {
  const files = readdirSync(directory).sort();
  return [
    ...inScripts(directory),
    ...files.flatMap((file) => {
      const [, starts] = FILES.find(([name]) => name.test(file)) ?? [];
      return starts === undefined ? [] : inFile(directory, file, starts);
    }),
  ];
}
