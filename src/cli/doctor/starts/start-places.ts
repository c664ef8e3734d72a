import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REGISTER } from "../register-url.js";
import { type Found, found, isSwitchedOff, preloadInOptions, startsNode } from "./command.js";
import { byLine, type Line, lastStage, mappings, objects, type Scope, wholeFile } from "./scopes.js";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace extends Found {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** FLUSHGUARD is off there. Absent: it is not. */
  off?: true;
}

interface Kind {
  name: RegExp;
  /** What else has to be in a file of such a name. Absent: nothing. */
  has?: RegExp;
  scopes(text: string, file: string): Scope[];
  /** Begins what starts Node where it names Node. Absent: nothing there does. */
  command?: RegExp;
  /** It makes an image. */
  isImage?: true;
  /** It says what is started in images. */
  runsImages?: true;
  /** Begins what starts Node by itself: it takes Node's options beside it. */
  script?: RegExp;
}

const YAML_COMMAND = /^\s*(?:-\s+)?(?:command|entrypoint|args)\s*:/;
const CONTAINER = /^\s*(?:-\s+)?(?:command|entrypoint|args|environment|env|env_file)\s*:/;
const APP = /(?:^|[\s{,])["']?(?:script|node_args|nodeArgs|interpreter_args|interpreterArgs)["']?\s*:/;
const APP_OF_YAML = /^\s*(?:-\s+)?(?:script|node_args|interpreter_args)\s*:/;

const KINDS: readonly Kind[] = [
  {
    name: /^(?:.+\.)?(?:Dockerfile|Containerfile)(?:\..+)?$/i,
    isImage: true,
    scopes: lastStage,
    command: /^\s*(?:CMD|ENTRYPOINT)\b/i,
  },
  {
    name: /^(?:docker-)?compose(?:\..+)?\.ya?ml$/,
    runsImages: true,
    scopes: (content) => mappings(content, CONTAINER),
    command: YAML_COMMAND,
  },
  { name: /^Procfile(?:\..+)?$/, scopes: byLine, command: /^\s*[\w-]+:/ },
  {
    name: /^(?:ecosystem|pm2|process)(?:\.config)?\.(?:[cm]?js|json|ya?ml)$/,
    scopes: (content, file) => (file.endsWith("ml") ? mappings(content, APP_OF_YAML) : objects(content, APP)),
    script: /(?:^|[\s{,])["']?script["']?\s*:/,
  },
  { name: /\.service$/, scopes: wholeFile, command: /^\s*ExecStart\s*=/ },
  { name: /^(?:serverless|template|sam)(?:\..+)?\.ya?ml$/, scopes: wholeFile },
  {
    name: /\.ya?ml$/,
    has: /^kind:\s*["']?(?:Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob)\b/m,
    runsImages: true,
    scopes: (content) => mappings(content, CONTAINER),
    command: YAML_COMMAND,
  },
];

const SCRIPT = "package.json scripts.";
/** Scripts that a command runs, by their names. */
const RUNS =
  /(?:^|[\s;&|"'])(?:(?:npm|pnpm|yarn|bun)(?:["',]+|\s)\s*(?:run(?:-script)?["',\s]+)?(?:-{1,2}[\w-]+["',\s]+)*|node\s+--run[=\s]|npm:)(?!(?:install|ci|exec|i)\b)([\w:.-]+)/g;

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // A directory of that name, or no leave to read it.
  }
}

/** pm2 starts Node itself, with what stands beside the script, and in a folder of its own. */
function besideScript(line: string, file: string): string {
  const script = line.trim();
  if (/\.ya?ml$/.test(file)) return `${script.replace(/^-\s+/, "")}\nnode_args: --import ${REGISTER}`;
  const quote = /["']script["']/.exec(script)?.[0]?.[0] ?? "";
  const [pair = script] = /["']?script["']?\s*:\s*(?:"[^"]*"|'[^']*'|[^,}\s]+)/.exec(script) ?? [];
  return `${pair}, ${quote}node_args${quote}: "--import ${REGISTER}",`;
}

/** The folder of an app, with its scripts. */
class Starts {
  readonly #directory: string;
  readonly #scripts: ReadonlyMap<string, string>;
  /** What npm sets for scripts. */
  readonly #npm: Found;

  constructor(directory: string) {
    this.#directory = directory;
    this.#scripts = scriptsOf(directory);
    const [options = ""] = /^\s*node-options\s*=.*$/m.exec(text(join(directory, ".npmrc"))) ?? [];
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
      const around = off(scope.map((line) => line.text).join("\n"));
      const at = ({ number }: Line) => ({ place: `${file}:${number}`, ...around });
      const set = this.#setIn(scope, script !== undefined);
      if (set !== undefined) return [{ ...at(set.line), preload: set.preload }];
      const starts = oneOf(scope.filter((line) => command?.test(line.text)));
      const inCommands = starts.flatMap((line): StartPlace[] => {
        const has = found(line.text, this.#directory, preload);
        if (has.preload !== undefined || startsNode(line.text)) return [{ ...at(line), ...has }];
        return this.#run(line.text, new Set());
      });
      const inScripts = scope
        .filter(
          (line) =>
            script?.test(line.text) && !/["']?(?:interpreter|exec_interpreter)["']?\s*:/.test(joinedText(scope)),
        )
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
      file === undefined ? [] : (/^\s*NODE_OPTIONS\s*=.*$/m.exec(text(join(this.#directory, file))) ?? []);
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
    scripts = (JSON.parse(text(join(directory, "package.json"))) as { scripts?: unknown } | null)?.scripts;
  } catch {
    // None, or broken: not for this package to judge.
  }
  return new Map(
    Object.entries(scripts ?? {}).filter((script): script is [string, string] => typeof script[1] === "string"),
  );
}

function once(places: readonly StartPlace[]): StartPlace[] {
  return [...new Map(places.map((place) => [place.place, place])).values()];
}

/** Whether Node has the preload there, and the guard is on. */
function isGuarded({ preload, instead, off: isOff }: StartPlace): boolean {
  return preload !== undefined && instead === undefined && isOff === undefined;
}

/** What an app is not started by. */
const ASIDE = /^(?:pre|post)?(?:test|lint|build|bench|check)\b/;

/** Where an app's folder starts it. */
export interface AppStarts {
  /** Where its files start Node, with the preload or without. */
  places: StartPlace[];
  /** Whether all have it that start the app: the files that tell how it runs, else its `start`, else its other scripts. */
  preloaded: boolean;
}

/** Where the files in an app's folder start Node, with the preload or without. */
export function startsIn(directory: string): AppStarts {
  const starts = new Starts(directory);
  const inFiles = readdirSync(directory)
    .sort()
    .flatMap((file) => {
      const kind = KINDS.find(({ name }) => name.test(file));
      if (kind === undefined) return [];
      const content = text(join(directory, file));
      if (kind.has !== undefined && !kind.has.test(content)) return [];
      return starts.file(file, kind, content).map((place) => ({ place, kind }));
    });
  // What runs an image says what is started in it.
  const runsImage = inFiles.some(({ place, kind }) => kind.runsImages === true && isGuarded(place));
  const deciding = inFiles.filter(({ kind }) => !(runsImage && kind.isImage === true)).map(({ place }) => place);
  const scripts = starts.start() ?? starts.withPreload().filter(({ place }) => !ASIDE.test(place.slice(SCRIPT.length)));
  const all = deciding.length > 0 ? deciding : scripts;
  return {
    places: once([...(starts.start() ?? []), ...starts.withPreload(), ...inFiles.map(({ place }) => place)]),
    preloaded: all.length > 0 && all.every(isGuarded),
  };
}
