import { withDefault } from "./expansion.js";
import { loadOf, loadsPreload } from "./preload-files.js";
import { words } from "./shell.js";
import { optionsLine, variableFilesOf } from "./variable-files.js";

/** What NODE_OPTIONS preloads in the processes of a scope, and where that is set. */
export interface Around {
  preload: string | undefined;
  /** Absent: in the command itself. */
  place?: string;
}

/** A command as it stands in a file, or what is set for one. */
export interface Command {
  /** What is preloaded of flushguard. Absent: nothing. */
  preload?: string;
  /** What is required first that makes Node read another language, which it does not under any `--import`. Absent: nothing. */
  requires?: string;
  /** The lines that should be there instead: with the preload, in the way it works there. Absent: they are right, or it is not known. */
  instead?: string;
}

const LANGUAGE =
  /(?:-r|--require)(?:=|["',\s]+)((?:ts-node|@swc-node|@swc|esbuild-register|esbuild-runner|@babel)\b[\w/.-]*)/;
const BY_IMPORT = /(?:--import(?:=|\s+|["']\s*,\s*["']))(?=[^\s"']*flushguard)/;
const NODE = /^(?:.*[/\\=:])?node(?:\.exe)?$/;
/** Node as a package, and what runs one. */
const NODE_OF_NPM = /^node@[\w.-]+$/;
const RUNS_PACKAGE = /^(?:npx|bunx|dlx|-y|--yes)$/;
/** Takes Node's options as Node does. */
const TSX = /^(?:.*[/\\])?tsx$/;
/** What runs an app in Node and is not called so. A file of pm2 tells by itself. */
const RUNS_APP =
  /(?:^|[\s;&|"'/])(?:(?:next|nest|nuxt|fastify|strapi|medusa|directus|keystone) start|remix-serve|react-router-serve|functions-framework|(?:ts-)?node-dev|tsnd|nodemon|forever|pm2(?:-runtime)? (?:start )?(?!(?:ecosystem|pm2|process)\.)\S+\.[cm]?[jt]s)(?=[\s"',]|$)/;
/** What runs a file in Node, and is not called so. */
const RUNS_FILE = /(?:^|[\s;&|"'/])(?:ts-node(?:-esm)?|tsx|babel-node|swc-node|vite-node)(?=[\s"',]|$)/;
/** Node that starts no app, or a script of package.json. */
const NO_APP = /^(?:-[epvc]|--(?:eval|print|version|check|test|run)\b.*)$/;
/** Options of Node with a value in the next word. */
const TAKES_VALUE =
  /^(?:-r|-C|--(?:require|import|loader|experimental-loader|conditions|env-file|env-file-if-exists|input-type|inspect-port|title|disable-warning|icu-data-dir|max-old-space-size))$/;
const PRELOADS = /^(?:-r|--require|--import)$/;
/** A word that is a variable, and one that has options by its name. */
const VARIABLE = /^(?:\$[\w(){}:-]+|%\w+%)$/;
const OPTIONS = /^\$\{?\w*(?:OPTIONS|OPTS|FLAGS|NODE_ARGS)\w*(?::?-)?\}?$/i;
/** Begins each setting of NODE_OPTIONS. */
const EACH_SETTING = /(?=(?<![\w$%]|\$[{(])NODE_OPTIONS["']?(?:\s*[=:]|\s+-))/;

interface Options {
  values: { name: string; value: string | undefined }[];
  /** What stands behind them. Absent: nothing. */
  script?: string;
}

/** The options that these words begin with. What follows the script is the app's own. */
function optionsAmong(all: readonly string[]): Options {
  const values: Options["values"] = [];
  for (let index = 0; index < all.length; index++) {
    const option = all[index] as string;
    if (OPTIONS.test(option)) continue;
    if (option === "--") return { values, ...scriptAt(all, index + 1) };
    if (!option.startsWith("-")) return { values, script: option };
    const [name = "", ...rest] = option.split("=");
    values.push({ name, value: rest.length > 0 ? rest.join("=") : all[index + 1] });
    if (rest.length === 0 && TAKES_VALUE.test(name)) index++;
  }
  return { values };
}

function scriptAt(all: readonly string[], index: number): { script?: string } {
  const script = all[index];
  return script === undefined ? {} : { script };
}

/** What the options preload that these words begin with. */
function preloadAmong(all: readonly string[], directory: string): string | undefined {
  return optionsAmong(all).values.find(
    ({ name, value }) => PRELOADS.test(name) && value !== undefined && loadsPreload(value, directory),
  )?.value;
}

/** Whether a text names a file to be preloaded that loads the preload only sometimes, or sets FLUSHGUARD. */
export function mayPreload(text: string, directory: string): boolean {
  const named = text.matchAll(/(?:^|[\s"',=])(?:-r|--require|--import)[\s"',=]+(\.[^\s"',]+)/g);
  return Array.from(named, ([, file = ""]) => loadOf(file, directory)).includes("perhaps");
}

/** What a value of NODE_OPTIONS, of `node_args` or the like preloads. What a variable adds to it takes nothing away. */
export function preloadInOptions(text: string, directory: string): string | undefined {
  const [, value] = /(?:NODE_OPTIONS|node-options|(?:node|interpreter)[_-]?[aA]rgs)\b["']?([\s\S]*)/.exec(text) ?? [];
  if (value === undefined) return undefined;
  const all = words(value.replace(/^\s*(?:value)?\s*[=:]?|`/g, " ")).filter((word) => !VARIABLE.test(word));
  const first = all.findIndex((word) => word.startsWith("-"));
  return first === -1 || first > 1 ? undefined : preloadAmong(all.slice(first), directory);
}

/** Where a command calls Node itself, among its words. -1: it does not. */
function nodeAmong(all: readonly string[]): number {
  return all.findIndex((word, i) => {
    const next = all[i + 1] ?? "";
    const isNode = NODE.test(word) || TSX.test(word) || (NODE_OF_NPM.test(word) && RUNS_PACKAGE.test(all[i - 1] ?? ""));
    return isNode && !NO_APP.test(next) && !NODE.test(next);
  });
}

/** The words behind a command's own Node, with those that it hands on. Undefined: it calls none. */
function behindNode(text: string): string[] | undefined {
  const all = words(text);
  const node = nodeAmong(all);
  if (node === -1) return undefined;
  return all.slice(all[node + 1] === "watch" ? node + 2 : node + 1);
}

/** What a command's Node preloads by its own options, which what it starts does not have. */
export function preloadOfOptions(text: string, directory: string): string | undefined {
  return preloadAmong(behindNode(text) ?? [], directory);
}

/** What a command's Node preloads, by its own options or by what the command or the process around it has set. */
function preloadInCommand(text: string, directory: string, around: Around | undefined): string | undefined {
  return preloadOfOptions(text, directory) ?? setBy(beforeScript(text), directory, around)?.preload;
}

/** A command without what stands behind its script, which is the app's own. */
function beforeScript(text: string): string {
  const at = callsNode(text) ? text.lastIndexOf(scriptOf(text) ?? "") : -1;
  return at <= 0 ? text : text.slice(0, at);
}

/** The script that a command starts. Undefined: it is not named. */
export function scriptOf(text: string): string | undefined {
  const behind = behindNode(text);
  if (behind !== undefined) return optionsAmong(behind).script;
  return words(text).find((word) => /\w\.[cm]?[jt]s$/.test(word));
}

/** What NODE_OPTIONS preloads in what a command starts, by what is around it, in its files of variables and in itself. */
export function setBy(text: string, directory: string, around: Around | undefined): Around | undefined {
  const { content, replaces } = variableFilesOf(text, directory);
  const line = optionsLine(content);
  const isSet = /\bNODE_OPTIONS\b/.test(text) || around !== undefined;
  if (line !== "" && (replaces || !isSet)) return { ...around, preload: preloadInOptions(line, directory) };
  const preload = optionsOf(text, directory, around);
  return preload === around?.preload ? around : { preload };
}

/** What gives a command no variables, or not this one, of those around it. */
const CLEARS =
  /(?:^|[\s;&|"'(])(?:env\s+(?:-i|--ignore-environment|(?:-u\s*|--unset[=\s])NODE_OPTIONS)\b|unset\s[^;&|]*\bNODE_OPTIONS\b|export\s+-n\s+NODE_OPTIONS\b|sudo\s(?!(?:-\S+\s+)*(?:-\w*E|--preserve-env))|(?:su|runuser)\s+(?:\S+\s+)*?(?:-|-l|--login)\s)/;

/** Whether a command goes without the variables that are set around it. */
export function clearsVariables(command: string): boolean {
  return CLEARS.test(command.replace(/["',[\]\s]+/g, " "));
}

/** What NODE_OPTIONS preloads behind a text that may set it, also several times, and may name what is around it. */
export function optionsOf(text: string, directory: string, around: Around | undefined): string | undefined {
  const behind = (set: Around | undefined, setting: string) => {
    // Between what it is set to and the program that it is set for.
    if (setting.startsWith("NODE_OPTIONS") && clearsVariables(`${setting.split(/\s(?=\S*\bnode\b(?!\.))/, 1)[0]} `))
      return undefined;
    const preload = behindSetting(setting, directory, set);
    return preload === set?.preload ? set : { preload };
  };
  return text.split(EACH_SETTING).reduce(behind, around)?.preload;
}

/** What it preloads behind a text that sets it once at most. */
function behindSetting(text: string, directory: string, around: Around | undefined): string | undefined {
  if (!/NODE_OPTIONS|[\s"']--(?:node|interpreter)-args\b/.test(text)) return around?.preload;
  const own = preloadInOptions(around === undefined ? withDefault(text) : text, directory);
  return own ?? (/\$[{(]?NODE_OPTIONS/.test(text) ? around?.preload : undefined);
}

/** Whether a command calls Node itself, to start an app. */
export function callsNode(text: string): boolean {
  return nodeAmong(words(text)) !== -1;
}

/** Whether a command runs an app by a program that keeps it running. */
export function runsApp(text: string): boolean {
  return !callsNode(text) && RUNS_APP.test(words(text).join(" "));
}

/** Whether a command starts an app in Node, itself or by a program that does. */
export function startsNode(text: string): boolean {
  return callsNode(text) || runsApp(text) || RUNS_FILE.test(words(text).join(" "));
}

/** What starts an app by another runtime, a runner that knows where, or a daemon that may run already: nothing here tells with what. */
const UNSEEN =
  /(?:^|\s)(?:bun (?!run |install|x )|deno |(?:turbo|lerna|nx) (?:run\s|start)|NODE_OPTIONS=.*\spm2 start (?!.*(?:node|interpreter)-args).*\s(?:-i|--instances)\b)\S*/;

/** Whether a command starts what is not looked into. */
export function startsUnseen(text: string): boolean {
  return UNSEEN.test(words(text).join(" "));
}

/** Options that a package manager takes, before those that it hands on, to run the scripts of other packages. */
const ELSEWHERE =
  /(?:^|\s)(?:npm|pnpm|yarn) (?:(?!-- )\S+ )*?(?:-r|--recursive|-w|-F|--workspaces?|--filter|workspaces?)(?=[\s=]|$)/;

/** Whether a command runs scripts of other packages of a workspace. */
export function isElsewhere(text: string): boolean {
  return ELSEWHERE.test(words(text).join(" "));
}

/** The command of a line with the preload in it, as the first option of its Node. */
function preloaded(line: string, flag: string, preload: string): string | undefined {
  const [list] = /(["'])node\1(?=\s*[,\]])/.exec(line) ?? [];
  if (list !== undefined) return line.replace(list, `${list}, "${flag}", "${preload}"`);
  const command = /(^|[\s;&|/=:"'])node(?=\s)(?!\s+node\s)/;
  return command.test(line) ? line.replace(command, `$1node ${flag} ${preload}`) : undefined;
}

/** What a line should be where it does not do what it is for. Under any `--import` Node refuses what is required there. */
function insteadOf(line: string, preload: string, has: Command): string | undefined {
  const { requires } = has;
  if (has.preload === undefined) return preloaded(line, requires === undefined ? "--import" : "-r", preload);
  if (requires === undefined || !BY_IMPORT.test(line)) return undefined;
  return line.replace(BY_IMPORT, (by) => by.replace("--import", "-r"));
}

/**
 * What a command has, and what it should be instead.
 * @param line one command, as it stands in its file
 * @param directory where a file is looked for that the command names
 * @param preload what to give `--import` there
 */
export function commandIn(line: string, directory: string, around: Around | undefined, preload: string): Command {
  const register = preloadInCommand(line, directory, around);
  const [, requires] = LANGUAGE.exec(line) ?? [];
  const has: Command = {
    ...(register === undefined ? {} : { preload: register }),
    ...(requires === undefined ? {} : { requires }),
  };
  const instead = line.includes("\n") ? undefined : insteadOf(line, preload, has);
  return { ...has, ...(instead === undefined ? {} : { instead: instead.trim() }) };
}
