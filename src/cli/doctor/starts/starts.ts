import { join, resolve } from "node:path";
import { isThere } from "../../../is-there.js";
import { textOf } from "../text.js";
import { fileNamed, scriptsOf } from "./app-files.js";
import { beforeEach } from "./before-each.js";
import {
  type Around,
  callsNode,
  clearsVariables,
  commandIn,
  isElsewhere,
  mayPreload,
  preloadInOptions,
  preloadOfOptions,
  runsApp,
  scriptOf,
  setBy,
  startsNode,
  startsUnseen,
} from "./command.js";
import { withoutCutOptions } from "./cut-options.js";
import { OF_DEVELOPMENT } from "./development-scripts.js";
import { expandedByShell } from "./expansion.js";
import type { Groups } from "./groups.js";
import { runByNodemon } from "./nodemon.js";
import { asShellLine } from "./script-runners.js";
import { partsOf, quotedIn, words } from "./shell.js";
import { type ShellScript, startsOfScript } from "./shell-script.js";
import { asPartOf, type Context, inOneLine, PRELOAD, type StartPlace, unseen } from "./start-place.js";
import { startsMore } from "./starts-more.js";
import { type Switched, switchedFor, switchedIn } from "./switched.js";
import { taskAs } from "./tasks.js";
import { readAtStart } from "./variable-files.js";
import { settingsForAll } from "./variables.js";

/** What the place of a script begins with. */
export const SCRIPT = "package.json scripts.";
/** Names of scripts that start an app, or a part of it. */
const STARTS_APP = /^(?:start|web|workers?|prod|production)(?=$|[:._-])/;
/** Scripts that a command runs, by what runs them and their names. */
const RUNS =
  /(?:^|[\s;&|/])(?:(npm|pnpm|yarn|bun)\s+(?:-{1,2}[\w-]+\s+)*(?:run(?:-script)?\s+)?(?:-{1,2}[\w-]+\s+)*|node\s+--run[=\s]|(npm):)(?!(?:install|ci|exec|i)\b)([\w:.-]+)/g;
/** Images of Node start the script that is their command. */
const SCRIPT_OF_IMAGE = /^\s*CMD\s*\[\s*"[^"\s]+\.[cm]?js"/i;
/** A folder that a command changes to, or that npm and others are told. */
const FOLDER = /(?:(?:^|[\s;&|"'])cd|\s(?:--prefix|-C|--dir|--cwd))[\s=]+["']?([\w./-]+)["']?/;
/** What Node is given by an image whose ENTRYPOINT is Node and whose `CMD` is a line for a shell. */
const SHELL = /^\/(?:usr\/)?bin\/(?:ba|a|da|z)?sh$/;
/** A command that names programs or users, and starts no app. */
const NAMES_ONLY =
  /^\s*(?:(?:if|elif|while|until|!)\s+)*(?:set\s+--|echo|printf|which|type|command\s+-v|pgrep|pkill|killall|chown|chgrp|adduser|useradd|usermod|id|test|\[\[?)\s/;
/** Scripts of Windows' shells, which are not read. */
const IN_ANOTHER_SHELL =
  /^\s*(?:(?:cmd|powershell|pwsh)(?:\.exe)?\s+(?:[-/]\w+\s+(?:Bypass\s+)?)*)?["']?[\w./\\-]+\.(?:cmd|bat|ps1)(?=["'\s]|$)/i;
/** What gives scripts the options for Node of `.npmrc`. */
const READS_NPMRC = /^p?npm$/;

/** What is set for a script, and those that it is in already. */
interface AroundScript {
  around: Around | undefined;
  switched?: Switched;
  seen?: ReadonlySet<string>;
}

/** The folder of an app, with its scripts. */
export class Starts {
  readonly directory: string;
  readonly #scripts: ReadonlyMap<string, string>;
  /** What npm sets for scripts. */
  readonly #npm: Around | undefined;

  /** @param groups what objects set for others, by their names */
  constructor(
    directory: string,
    readonly groups: Groups = new Map(),
  ) {
    this.directory = directory;
    this.#scripts = scriptsOf(directory);
    const options = textOf(resolve(directory, ".npmrc")).match(/^\s*node-options\s*=.*$/gm) ?? [];
    const preload = preloadInOptions(options.at(-1) ?? "", directory);
    this.#npm = options.length === 0 ? undefined : { preload, place: ".npmrc" };
  }

  /** What a script starts. Nothing of one that starts no Node. */
  #script(name: string, { around, switched = {}, seen = new Set() }: AroundScript): StartPlace[] {
    const command = this.#scripts.get(name) ?? this.#byDefault(name);
    const place = `${SCRIPT}${name}`;
    if (command === undefined || seen.has(place)) return [];
    const at = { place, ...switched };
    const named = taskAs(name, this.directory);
    return this.inLine(command, { at, around, seen: new Set([...seen, place]) }).map((found) => {
      const start = { ...named, ...found };
      if (start.place !== place || start.instead === undefined) return start;
      return { ...start, instead: `${JSON.stringify(name)}: ${JSON.stringify(start.instead)}` };
    });
  }

  /** What npm starts where no script says otherwise. */
  #byDefault(name: string): string | undefined {
    return name === "start" && isThere(join(this.directory, "server.js")) ? "node server.js" : undefined;
  }

  /**
   * What the scripts start that are named for it: `start`, and those like `start:worker` that no other runs.
   * @param around what is set where they are run. Absent: nothing
   * @returns undefined where there are none
   */
  start(around?: Around): StartPlace[] | undefined {
    const names = [...this.#scripts.keys()].filter((name) => name === "start" || this.#isStart(name));
    return names.length === 0
      ? undefined
      : names.flatMap((name) => this.#script(name, { around: this.#npm ?? around }));
  }

  #isStart(name: string): boolean {
    if (!STARTS_APP.test(name) || OF_DEVELOPMENT.test(name)) return false;
    const isRunBy = ([other, command]: [string, string]): boolean =>
      other !== name && words(command).some((word) => word === name || word === `npm:${name}`);
    return ![...this.#scripts].some(isRunBy);
  }

  /** Scripts that have the preload, whatever they are for. */
  withPreload(): StartPlace[] {
    return [...this.#scripts.keys()]
      .flatMap((name) => this.#script(name, { around: this.#npm }))
      .filter(({ preload, ends }) => preload !== undefined && ends === undefined);
  }

  /** What a command line starts that goes on running. */
  inLine(written: string, context: Context): StartPlace[] {
    const whole = withoutCutOptions(written);
    const variables = new Map(settingsForAll(whole));
    const line = expandedByShell(whole, (name) => variables.get(name));
    const [told, folder] = FOLDER.exec(line) ?? [];
    const elsewhere = folder === undefined ? this.directory : resolve(this.directory, folder);
    if (told !== undefined && elsewhere !== this.directory && isThere(join(elsewhere, "package.json"))) {
      return new Starts(elsewhere)
        .inLine(line.replace(told, " "), { ...context, seen: new Set() })
        .map((start) => (start.place.startsWith(SCRIPT) ? { ...start, place: `${folder}/${start.place}` } : start));
    }
    // A folder that is not here, unless it is one of an image.
    const isMissing = elsewhere !== this.directory && !folder?.startsWith("/") && !isThere(elsewhere);
    if (isMissing && scriptsIn(line).length > 0) return [{ ...context.at, unseen: true }];
    const before = beforeEach(line, this.directory, context);
    const all = new Map<string, readonly StartPlace[]>();
    const counts = (command: string) => {
      const { isKnown = true, isElsewhere = false, ...around } = before.get(command) ?? {};
      const found = all.get(command) ?? this.#inCommand(command, { ...context, ...around });
      const isTold = ({ preload }: StartPlace) => isKnown && !(isElsewhere && preload === undefined);
      const starts = found.map((start) => (isTold(start) ? start : unseen(start)));
      all.set(command, starts);
      return starts.length > 0;
    };
    const commands = partsOf(line, counts).map((part) => ({ ...part, starts: all.get(part.command) ?? [] }));
    return inOneLine(line, context.at.place, commands);
  }

  /** What a shell's script starts. */
  inScript(script: ShellScript, context: Context): StartPlace[] {
    return startsOfScript(script, this.directory, this.inLine.bind(this), context);
  }

  /** What a command starts, each with what the command should be instead. */
  #inCommand(command: string, context: Context): StartPlace[] {
    if (NAMES_ONLY.test(command)) return [];
    const { place } = context.at;
    const at = { place, ...switchedFor(command, readAtStart(command, this.directory), context.at) };
    if (isElsewhere(command)) return [{ ...at, unseen: true }];
    const around = clearsVariables(command) ? undefined : context.around;
    if (IN_ANOTHER_SHELL.test(command)) return [{ ...at, unseen: true }];
    const { outer, inner } = quotedIn(command);
    const set = setBy([outer, ...inner.filter(isSetting)].join(" "), this.directory, around);
    const within = { ...context, at, around: set && { place, ...set } };
    const others = [
      ...this.#byScript(command, within),
      ...(callsNode(outer) ? [] : this.#byOthers(command, inner, within)),
    ];
    if (others.length > 0) return others;
    if (!callsNode(outer)) {
      if (startsUnseen(command)) return [{ ...at, unseen: true }];
      if (!startsNode(command) && !SCRIPT_OF_IMAGE.test(command)) return [];
    }
    return [this.#itself(command, { ...context, at, around })];
  }

  /** A command that starts Node itself. */
  #itself(command: string, { at, around, preload = PRELOAD }: Context): StartPlace {
    const has = commandIn(command, this.directory, around, preload);
    const isAround =
      has.preload !== undefined && commandIn(command, this.directory, undefined, preload).preload === undefined;
    const isByOptions = preloadOfOptions(command, this.directory) !== undefined;
    const script = scriptOf(command) ?? "";
    const isNoScript = SHELL.test(script);
    const isUnknown = has.preload === undefined && mayPreload(command, this.directory);
    if (isNoScript || isUnknown || (isByOptions && startsMore(script, this.directory))) return { ...at, unseen: true };
    const task = runsApp(command) ? { isTask: false } : taskAs(script, this.directory);
    return { ...at, ...has, ...task, ...(isAround && around?.place !== undefined ? { place: around.place } : {}) };
  }

  /** What a command starts by way of what it has in quotes, scripts of package.json, a file of Node's or nodemon. */
  #byOthers(command: string, inner: readonly string[], context: Context): StartPlace[] {
    const nested = inner.flatMap((quoted) =>
      this.inLine(quoted, context).map((start) => asPartOf(start, context.at.place, command, quoted)),
    );
    if (nested.length > 0) return nested;
    const byNames = asShellLine(command, [...this.#scripts.keys()]);
    if (byNames !== command && scriptsIn(byNames).length > 0) return this.inLine(byNames, context);
    return [
      ...this.#inScripts(command, context),
      ...this.#byShebang(command, context),
      ...this.#byNodemon(command, context),
    ];
  }

  #inScripts(command: string, { at, around, seen = new Set() }: Context): StartPlace[] {
    const switched = switchedIn("", at);
    return scriptsIn(command).flatMap(([, manager = "", prefix = "", name = ""]) => {
      const isNpm = READS_NPMRC.test(manager) || prefix !== "";
      return this.#script(name, { around: isNpm ? (this.#npm ?? around) : around, switched, seen });
    });
  }

  /** What nodemon starts. It takes Node's options. */
  #byNodemon(text: string, context: Context): StartPlace[] {
    const { file, command } = runByNodemon(text, this.directory) ?? {};
    if (command === undefined) return [];
    const at = { ...context.at, ...(file === undefined ? {} : { place: file }) };
    return this.inLine(command, { ...context, at }).map((start) => {
      if (start.instead === undefined || file !== undefined) return start;
      return { ...start, instead: start.instead.replace(/\bnode\b/, "nodemon") };
    });
  }

  /** The first file of the app that a command names. */
  #fileIn(command: string, seen: ReadonlySet<string> = new Set()): { word: string; file: string; content: string }[] {
    for (const word of words(command.replaceAll("=", " "))) {
      const named = fileNamed(word, this.directory);
      if (named !== undefined && !seen.has(named.file)) return [{ word, ...named }];
    }
    return [];
  }

  /** What the script of a shell starts that a command begins with. */
  #byScript(command: string, context: Context): StartPlace[] {
    return this.#fileIn(command, context.seen).flatMap(({ word, file, content }) => {
      const [before = "", ...rest] = command.split(word);
      if (callsNode(before) || !(/^#!.*sh\b/.test(content) || file.endsWith(".sh"))) return [];
      const given = rest
        .join(word)
        .replace(/^["']?[\s\],]*/, "")
        .trim();
      const within = { ...context, seen: new Set([...(context.seen ?? []), file]) };
      return this.inScript({ file, content, given }, within).map((start) =>
        asPartOf(start, context.at.place, command, given),
      );
    });
  }

  /** What a file starts that is for Node by its first line. */
  #byShebang(command: string, context: Context): StartPlace[] {
    return this.#fileIn(command, context.seen).flatMap(({ file, content }) => {
      const [first = ""] = content.split("\n", 1);
      if (!/^#!.*\bnode\b/.test(first)) return [];
      const at = { ...context.at, place: `${file}:1` };
      return this.inLine(first.slice(2), { ...context, at, seen: new Set([...(context.seen ?? []), file]) });
    });
  }
}

const scriptsIn = (command: string) => Array.from(words(command).join(" ").matchAll(RUNS));

/** Whether what is quoted is a variable with its value. */
function isSetting(quoted: string): boolean {
  return /^\w+=/.test(quoted) && !callsNode(quoted);
}
