import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** What is preloaded of flushguard there. Absent: Node is started without it. */
  preload?: string;
  /** What is required first there that makes Node read another language, which it does not under any `--import`. Absent: nothing. */
  requires?: string;
  /** There is an `--import` beside it, so that this start fails. */
  refused?: true;
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
const LANGUAGE =
  /(?:-r|--require)(?:=|["',\s]+)((?:ts-node|@swc-node|@swc|esbuild-register|esbuild-runner|@babel)\b[\w/.-]*)/;
const COMMENT = /^\s*(?:#|\/\/|\/?\*|;)/;
const STARTS_NODE = /(?:^|[\s;&|])node(?:\s|$)/;

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // A directory of that name, or no leave to read it.
  }
}

/** What a command has of both. */
function found(command: string): Omit<StartPlace, "place"> {
  const [preload] = PRELOAD.exec(command) ?? [];
  const [, requires] = LANGUAGE.exec(command) ?? [];
  const isRefused = requires !== undefined && /--import\b/.test(command);
  return {
    ...(preload === undefined ? {} : { preload }),
    ...(requires === undefined ? {} : { requires }),
    ...(isRefused ? { refused: true } : {}),
  };
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
    const has = found(command);
    return has.preload !== undefined || (name === "start" && STARTS_NODE.test(command)) ? [{ place, ...has }] : [];
  });
}

function inFile(directory: string, file: string, starts: RegExp): StartPlace[] {
  const lines = text(join(directory, file))
    .split("\n")
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
    .filter(({ line }) => !COMMENT.test(line));
  const preloads = lines.flatMap(({ line, place }): StartPlace[] => {
    const has = found(line);
    return has.preload === undefined ? [] : [{ place, ...has }];
  });
  if (preloads.length > 0) return preloads;
  return lines.filter(({ line }) => starts.test(line)).map(({ line, place }) => ({ place, ...found(line) }));
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
