import { join } from "node:path";
import { REGISTER } from "../register-url.js";
import { type Found, found, isSwitchedOff, preloadInOptions, startsNode } from "./command.js";
import { besideScript, type Kind, YAML_COMMAND } from "./kinds.js";
import type { Line, Scope } from "./scopes.js";
import { textOf } from "./text.js";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace extends Found {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** FLUSHGUARD is off there. Absent: it is not. */
  off?: true;
}

/** What the place of a script begins with. */
export const SCRIPT = "package.json scripts.";
/** Scripts that a command runs, by their names. */
const RUNS =
  /(?:^|[\s;&|"'])(?:(?:npm|pnpm|yarn|bun)(?:["',]+|\s)\s*(?:run(?:-script)?["',\s]+)?(?:-{1,2}[\w-]+["',\s]+)*|node\s+--run[=\s]|npm:)(?!(?:install|ci|exec|i)\b)([\w:.-]+)/g;

/** The folder of an app, with its scripts. */
export class Starts {
  readonly #directory: string;
  readonly #scripts: ReadonlyMap<string, string>;
  /** What npm sets for scripts. */
  readonly #npm: Found;

  constructor(directory: string) {
    this.#directory = directory;
    this.#scripts = scriptsOf(directory);
    const [options = ""] = /^\s*node-options\s*=.*$/m.exec(textOf(join(directory, ".npmrc"))) ?? [];
    const preload = preloadInOptions(options, directory);
    this.#npm = preload === undefined ? {} : { preload };
  }

  /** What a script has, in those that it runs. Nothing of one that starts no Node. */
  script(name: string, seen: ReadonlySet<string> = new Set()): StartPlace[] {
    const command = this.#scripts.get(name);
    if (command === undefined || seen.has(name)) return [];
    const place = `${SCRIPT}${name}`;
    const own = found(command, this.#directory);
    const inner = this.#run(command, new Set([...seen, name]));
    if (own.preload === undefined && inner.length > 0) return inner;
    if (own.preload === undefined && !startsNode(command)) return [];
    if (own.preload === undefined && this.#npm.preload !== undefined) return [{ place: ".npmrc", ...this.#npm }];
    const { instead, ...has } = own;
    const change = instead === undefined ? {} : { instead: `${JSON.stringify(name)}: ${JSON.stringify(instead)}` };
    return [{ place, ...has, ...change, ...off(command) }];
  }

  /** What starts the app by `npm start`. Undefined: there is no such script. */
  start(): StartPlace[] | undefined {
    return this.#scripts.has("start") ? this.script("start") : undefined;
  }

  /** Scripts that have the preload, whatever they are for. */
  withPreload(): StartPlace[] {
    return [...this.#scripts.keys()]
      .flatMap((name) => this.script(name))
      .filter(({ preload }) => preload !== undefined);
  }

  #run(command: string, seen: ReadonlySet<string>): StartPlace[] {
    return [...command.matchAll(RUNS)].flatMap(([, name = ""]) => this.script(name, seen));
  }

  file(file: string, { scopes, command, script }: Kind, content: string): StartPlace[] {
    // A unit of systemd without a folder starts in the root, where no package is found by its name.
    const isElsewhere = file.endsWith(".service") && !/^\s*WorkingDirectory\s*=/m.test(content);
    const preload = isElsewhere ? REGISTER : "flushguard/register";
    return scopes(content, file).flatMap((scope): StartPlace[] => {
      const all = joinedText(scope);
      const around = off(all);
      const at = ({ number }: Line) => ({ place: `${file}:${number}`, ...around });
      const set = this.#setIn(scope, script !== undefined);
      if (set !== undefined) return [{ ...at(set.line), preload: set.preload }];
      const starts = oneOf(scope.filter((line) => command?.test(line.text)));
      const inCommands = starts.flatMap((line): StartPlace[] => {
        const has = found(line.text, this.#directory, preload);
        if (has.preload !== undefined || startsNode(line.text)) return [{ ...at(line), ...has }];
        return this.#run(line.text, new Set());
      });
      const isOther = /["']?(?:interpreter|exec_interpreter)["']?\s*:/.test(all);
      const inScripts = scope
        .filter((line) => !isOther && script?.test(line.text))
        .map((line) => ({ ...at(line), instead: besideScript(line.text, file) }));
      return [...inCommands, ...inScripts];
    });
  }

  /** Where options for Node are set that it starts with, whatever the command is. */
  #setIn(scope: Scope, byPm2: boolean): { line: Line; preload: string } | undefined {
    // pm2 gives the processes of a cluster their variables when Node runs already.
    const isCluster = byPm2 && /(?:exec_mode["']?\s*:\s*["']?cluster|instances["']?\s*:)/.test(joinedText(scope));
    for (const line of scope) {
      const isOptions = /NODE_OPTIONS/.test(line.text) && !isCluster && !YAML_COMMAND.test(line.text);
      const isArgs = byPm2 && /(?:node|interpreter)[_-]?[aA]rgs/.test(line.text);
      const isFile = /\benv_file\b/.test(line.text);
      if (!isOptions && !isArgs && !isFile) continue;
      const value = isFile
        ? this.#envFile(line.text)
        : line.text.slice(line.text.search(/NODE_OPTIONS|(?:node|interpreter)[_-]?[aA]rgs/));
      const preload = isCommandOf(line.text) ? undefined : preloadInOptions(value, this.#directory);
      if (preload !== undefined) return { line, preload };
    }
    return undefined;
  }

  #envFile(line: string): string {
    const [, , file] = /env_file\s*:\s*(-\s+)?["']?([^\s"']+)/.exec(line) ?? [];
    const [options = ""] =
      file === undefined ? [] : (/^\s*NODE_OPTIONS\s*=.*$/m.exec(textOf(join(this.#directory, file))) ?? []);
    return options;
  }
}

/** What a line itself runs, with what it sets for that, is for `found` to read. */
function isCommandOf(line: string): boolean {
  return /^\s*(?:CMD|ENTRYPOINT|ExecStart|RUN)\b/i.test(line);
}

function joinedText(scope: Scope): string {
  return scope.map((line) => line.text).join("\n");
}

/** `entrypoint` with `command`, and `command` with `args`, are one command where neither is enough. */
function oneOf(lines: Line[]): Line[] {
  const isYaml = lines.length > 1 && lines.every(({ text: line }) => YAML_COMMAND.test(line));
  if (!isYaml) return lines;
  const first =
    lines.find(({ text: line }) => /entrypoint\s*:/.test(line)) ??
    lines.find(({ text: line }) => /command\s*:/.test(line));
  const rest = lines.filter((line) => line !== first).map(({ text: line }) => line.replace(YAML_COMMAND, ""));
  return first === undefined ? lines : [{ text: [first.text, ...rest].join("\n"), number: first.number }];
}

function off(content: string): { off?: true } {
  return isSwitchedOff(content) ? { off: true } : {};
}

function scriptsOf(directory: string): Map<string, string> {
  let scripts: unknown;
  try {
    scripts = (JSON.parse(textOf(join(directory, "package.json"))) as { scripts?: unknown } | null)?.scripts;
  } catch {
    // None, or broken: not for this package to judge.
  }
  return new Map(
    Object.entries(scripts ?? {}).filter((script): script is [string, string] => typeof script[1] === "string"),
  );
}
