import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REGISTER } from "./register-url.js";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** What is preloaded of flushguard there. Absent: Node is started without it. */
  preload?: string;
  /** What is required first there that makes Node read another language, which it does not under any `--import`. Absent: nothing. */
  requires?: string;
  /** The lines that should be there instead: with the preload, in the way it works there. Absent: they are right, or it is not known. */
  instead?: string;
}

/** Files that say how an app is started, and the lines in them that do: each a command, or the script that pm2 starts Node with. */
const FILES: readonly [name: RegExp, starts: RegExp, by?: "script"][] = [
  [/^(?:.+\.)?(?:Dockerfile|Containerfile)(?:\..+)?$/i, /^\s*(?:CMD|ENTRYPOINT)\b.*\bnode\b/i],
  [/^(?:docker-)?compose(?:\..+)?\.ya?ml$/, /^\s*(?:command|entrypoint):.*\bnode\b/],
  [/^Procfile(?:\..+)?$/, /^\s*[\w-]+:.*\bnode\b/],
  [/^(?:ecosystem|pm2|process)(?:\.config)?\.(?:[cm]?js|json|ya?ml)$/, /^\s*["']?script["']?\s*:/, "script"],
  [/\.service$/, /^\s*ExecStart\s*=.*\bnode\b/],
];

type Has = Pick<StartPlace, "preload" | "requires">;

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

const BY_IMPORT = /(?:--import(?:=|\s+|["']\s*,\s*["']))(?=[^\s"']*flushguard)/;

/** The command of a line with the preload in it, as the first option of its Node. */
function preloaded(line: string, flag: string, preload: string): string | undefined {
  const [list] = /(["'])node\1(?=\s*[,\]])/.exec(line) ?? [];
  if (list !== undefined) return line.replace(list, `${list}, "${flag}", "${preload}"`);
  const command = /(^|[\s;&|/=:])node(?=\s)/;
  return command.test(line) ? line.replace(command, `$1node ${flag} ${preload}`) : undefined;
}

/** What a line should be where it does not do what it is for. Under any `--import` Node refuses what is required there. */
function insteadOf(line: string, preload: string, { preload: has, requires }: Has): string | undefined {
  if (has === undefined) return preloaded(line, requires === undefined ? "--import" : "-r", preload);
  if (requires === undefined || !BY_IMPORT.test(line)) return undefined;
  return line.replace(BY_IMPORT, (by) => by.replace("--import", "-r"));
}

/** What a command has of both, and what it should be instead. */
function found(line: string, preload = "flushguard/register"): Omit<StartPlace, "place"> {
  const [register] = PRELOAD.exec(line) ?? [];
  const [, requires] = LANGUAGE.exec(line) ?? [];
  const has: Has = {
    ...(register === undefined ? {} : { preload: register }),
    ...(requires === undefined ? {} : { requires }),
  };
  const instead = insteadOf(line, preload, has);
  return { ...has, ...(instead === undefined ? {} : { instead: instead.trim() }) };
}

/** pm2 starts Node itself, with what stands beside the script. */
function besideScript(line: string, file: string): string {
  const script = line.trim();
  if (/\.ya?ml$/.test(file)) return `${script}\nnode_args: --import flushguard/register`;
  const quote = script.startsWith('"') ? '"' : "";
  return `${script.replace(/,$/, "")}, ${quote}node_args${quote}: "--import flushguard/register",`;
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
    const { instead, ...has } = found(command);
    const change = instead === undefined ? {} : { instead: `${JSON.stringify(name)}: ${JSON.stringify(instead)}` };
    return has.preload !== undefined || (name === "start" && STARTS_NODE.test(command))
      ? [{ place, ...has, ...change }]
      : [];
  });
}

function inFile(directory: string, file: string, starts: RegExp, by?: "script"): StartPlace[] {
  const content = text(join(directory, file));
  // A unit of systemd without a folder starts in the root, where no package is found by its name.
  const isElsewhere = file.endsWith(".service") && !/^\s*WorkingDirectory\s*=/m.test(content);
  const preload = isElsewhere ? REGISTER : "flushguard/register";
  const lines = content
    .split(/\r?\n/)
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
    .filter(({ line }) => !COMMENT.test(line));
  const preloads = lines.flatMap(({ line, place }): StartPlace[] => {
    const has = found(line);
    return has.preload === undefined ? [] : [{ place, ...has }];
  });
  if (preloads.length > 0) return preloads;
  return lines
    .filter(({ line }) => starts.test(line))
    .map(({ line, place }) =>
      by === "script" ? { place, instead: besideScript(line, file) } : { place, ...found(line, preload) },
    );
}

/** Where the files in an app's folder start Node, with the preload or without. */
export function startPlaces(directory: string): StartPlace[] {
  const files = readdirSync(directory).sort();
  return [
    ...inScripts(directory),
    ...files.flatMap((file) => {
      const [, starts, by] = FILES.find(([name]) => name.test(file)) ?? [];
      return starts === undefined ? [] : inFile(directory, file, starts, by);
    }),
  ];
}
