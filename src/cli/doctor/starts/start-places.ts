import { join, resolve } from "node:path";
import { isThere } from "../../../is-there.js";
import { textOf } from "../text.js";
import { fileNamed, scriptsOf } from "./app-files.js";
import {
  callsNode,
  clearsVariables,
  envFileOf,
  type Found,
  found,
  isElsewhere,
  isSwitchedOff,
  optionsOf,
  preloadInOptions,
  startsNode,
  startsUnseen,
} from "./command.js";
import { lasting, quotedIn, words } from "./shell.js";
import { shellLines } from "./shell-lines.js";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace extends Found {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** FLUSHGUARD is off there. Absent: it is not. */
  off?: true;
  /** What it starts is another runtime's, or another package's, and not looked into. Absent: it is Node. */
  unseen?: true;
}

/** What NODE_OPTIONS preloads in the processes of a scope, and where that is set. */
interface Around {
  preload: string | undefined;
  place: string;
}

/** A command and what it is part of. */
interface Context {
  at: Pick<StartPlace, "place" | "off">;
  around?: Around | undefined;
  /** What to give `--import` there. */
  preload?: string;
  /** Scripts and files that it is in already. */
  seen?: ReadonlySet<string>;
}

/** What the place of a script begins with. */
export const SCRIPT = "package.json scripts.";
export const PRELOAD = "flushguard/register";
/** Scripts that a command runs, by what runs them and their names. */
const RUNS =
  /(?:^|[\s;&|"'])(?:(npm|pnpm|yarn|bun)(?:["',]+|\s)\s*(?:run(?:-script)?["',\s]+)?(?:-{1,2}[\w-]+["',\s]+)*|node\s+--run[=\s]|(npm):)(?!(?:install|ci|exec|i)\b)([\w:.-]+)/g;
/** Images of Node start the script that is their command. */
const SCRIPT_OF_IMAGE = /^\s*CMD\s*\[\s*"[^"\s]+\.[cm]?js"/i;
/** A folder that a command changes to, or that npm and others are told. */
const FOLDER = /(?:(?:^|[\s;&|"'])cd|\s(?:--prefix|-C|--dir|--cwd))[\s=]+["']?([\w./-]+)["']?/;
/** A command that sets options for Node for those that follow it. */
const SETTING =
  /(?:^\s*(?:(?:CMD|ENTRYPOINT)\b|[\w-]+:)?|[;&|]|["']\s*)\s*(?:(?:export|set)\s+["']?NODE_OPTIONS=(?:"[^"]*"|'[^']*'|[^;&|])*|unset\s[^;&|]*\bNODE_OPTIONS\b)/i;
/** A command that names programs and starts none. */
const NAMES_ONLY = /^\s*(?:echo|printf|which|type|command\s+-v|pgrep|pkill|killall|test|\[)\s/;
/** A setting that depends on what is before it, and not what is behind it. */
const IF_ONLY = /(?:&&|\|\|)\s*(?:export|set)\s+NODE_OPTIONS=(?:"[^"]*"|'[^']*'|[^;&|"'])*;/;
/** What gives scripts the options for Node of `.npmrc`. */
const READS_NPMRC = /^p?npm$/;

/** The folder of an app, with its scripts. */
export class Starts {
  readonly directory: string;
  readonly #scripts: ReadonlyMap<string, string>;
  /** What npm sets for scripts. */
  readonly #npm: Around | undefined;

  constructor(directory: string) {
    this.directory = directory;
    this.#scripts = scriptsOf(directory);
    const options = textOf(resolve(directory, ".npmrc")).match(/^\s*node-options\s*=.*$/gm) ?? [];
    const preload = preloadInOptions(options.at(-1) ?? "", directory);
    this.#npm = preload === undefined ? undefined : { preload, place: ".npmrc" };
  }

  /** What a script starts. Nothing of one that starts no Node. */
  #script(name: string, around: Around | undefined, seen: ReadonlySet<string> = new Set()): StartPlace[] {
    const command = this.#scripts.get(name);
    const place = `${SCRIPT}${name}`;
    if (command === undefined || seen.has(place)) return [];
    const at = { place, ...off(command) };
    return this.inLine(command, { at, around, seen: new Set([...seen, place]) }).map((start) => {
      if (start.place !== place || start.instead === undefined) return start;
      return { ...start, instead: `${JSON.stringify(name)}: ${JSON.stringify(start.instead)}` };
    });
  }

  /** What starts the app by `npm start`. Undefined: there is no such script. */
  start(): StartPlace[] | undefined {
    return this.#scripts.has("start") ? this.#script("start", this.#npm) : undefined;
  }

  /** Scripts that have the preload, whatever they are for. */
  withPreload(): StartPlace[] {
    return [...this.#scripts.keys()]
      .flatMap((name) => this.#script(name, this.#npm))
      .filter(({ preload }) => preload !== undefined);
  }

  /** What a command line starts that goes on running. */
  inLine(line: string, context: Context): StartPlace[] {
    const [told, folder] = FOLDER.exec(line) ?? [];
    const elsewhere = folder === undefined ? this.directory : resolve(this.directory, folder);
    if (told !== undefined && elsewhere !== this.directory && isThere(join(elsewhere, "package.json"))) {
      return new Starts(elsewhere)
        .inLine(line.replace(told, " "), { ...context, seen: new Set() })
        .map((start) => (start.place.startsWith(SCRIPT) ? { ...start, place: `${folder}/${start.place}` } : start));
    }
    // A folder that is not here, unless it is one of an image.
    const isMissing = elsewhere !== this.directory && !folder?.startsWith("/") && !isThere(elsewhere);
    if (isMissing && line.search(RUNS) !== -1) return [{ ...context.at, unseen: true }];
    const [setting] = SETTING.exec(line) ?? [];
    const set =
      setting === undefined || IF_ONLY.test(line)
        ? context.around?.preload
        : optionsOf(setting, this.directory, context.around?.preload);
    const around = set === context.around?.preload ? context.around : { preload: set, place: context.at.place };
    const within = { ...context, around };
    return lasting(line, (command) => this.#inCommand(command, line, within).length > 0).flatMap((command) =>
      this.#inCommand(command, line, within),
    );
  }

  #inCommand(command: string, line: string, context: Context): StartPlace[] {
    const { at, preload = PRELOAD, seen = new Set() } = context;
    const around = clearsVariables(command) ? undefined : context.around;
    const { outer, inner } = quotedIn(command);
    if (NAMES_ONLY.test(command)) return [];
    if (isElsewhere(command)) return [{ ...at, unseen: true }];
    if (!callsNode(outer)) {
      const set = optionsOf(command, this.directory, around?.preload);
      const within = set === around?.preload ? around : { preload: set, place: at.place };
      const nested = inner.flatMap((quoted) => this.inLine(quoted, { ...context, around: within }));
      if (nested.length > 0) return nested;
      const others = [
        ...this.#inScripts(command, within, seen),
        ...this.#inFile(command, within, seen),
        ...this.#byNodemon(command, within),
      ];
      // Switched off, it is so in all that is started from there.
      if (others.length > 0) return others.map((start) => ({ ...start, ...(at.off && { off: at.off }) }));
      if (startsUnseen(command)) return [{ ...at, unseen: true }];
      if (!startsNode(command) && !SCRIPT_OF_IMAGE.test(command)) return [];
    }
    const { instead, ...has } = found(command, this.directory, around?.preload, preload);
    const isAround =
      has.preload !== undefined && found(command, this.directory, undefined, preload).preload === undefined;
    const change = instead === undefined ? {} : { instead: line.replace(command.trim(), () => instead).trim() };
    return [
      {
        ...at,
        ...has,
        ...change,
        ...off(envFileOf(command, this.directory)),
        ...(isAround && around !== undefined ? { place: around.place } : {}),
      },
    ];
  }

  #inScripts(command: string, around: Around | undefined, seen: ReadonlySet<string>): StartPlace[] {
    return Array.from(command.matchAll(RUNS)).flatMap(([, manager = "", prefix = "", name = ""]) => {
      const isNpm = READS_NPMRC.test(manager) || prefix !== "";
      return this.#script(name, isNpm ? (this.#npm ?? around) : around, seen);
    });
  }

  /** What the file of nodemon starts instead of Node. */
  #byNodemon(command: string, around: Around | undefined): StartPlace[] {
    const content = textOf(resolve(this.directory, "nodemon.json"));
    const [, exec] = (/\bnodemon\b/.test(command) && /"exec"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(content)) || [];
    return exec === undefined ? [] : this.inLine(exec, { at: { place: "nodemon.json", ...off(exec) }, around });
  }

  /** What the first file of the app starts that a command names: a script of a shell or of Node, as its first line says. */
  #inFile(command: string, around: Around | undefined, seen: ReadonlySet<string>): StartPlace[] {
    for (const word of words(command.replaceAll("=", " "))) {
      const { file, content } = fileNamed(word, this.directory) ?? {};
      if (file === undefined || content === undefined || seen.has(file)) continue;
      const [first = ""] = content.split("\n", 1);
      const within = { around, seen: new Set([...seen, file]) };
      if (/^#!.*\bnode\b/.test(first)) {
        return this.inLine(first.slice(2), { at: { place: `${file}:1`, ...off(first) }, ...within });
      }
      if (/^#!.*sh\b/.test(first) || file.endsWith(".sh")) return this.#inShell(file, content, within);
      return [];
    }
    return [];
  }

  /** Every Node that a shell's script starts, as nothing tells which of them goes on. */
  #inShell(file: string, content: string, context: Omit<Context, "at">): StartPlace[] {
    let { around } = context;
    return shellLines(content).flatMap(({ line, isCertain }) => {
      const at = { place: `${file}:${line.number}`, ...off(content) };
      const starts = this.inLine(line.text, { ...context, at, around });
      const set = optionsOf(line.text, this.directory, around?.preload);
      const counts = set === undefined || isCertain;
      if (starts.length === 0 && set !== around?.preload && counts) around = { preload: set, place: at.place };
      return starts;
    });
  }
}

/** A part of what starts something, where that switches the guard off. */
export function off(content: string): { off?: true } {
  return isSwitchedOff(content) ? { off: true } : {};
}
