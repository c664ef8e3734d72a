import { resolve } from "node:path";
import { textOf } from "../text.js";

/** What reads files of variables for what it starts. */
interface Reader {
  program: RegExp;
  /** Names a file. */
  file: RegExp;
  /** What it reads where none is named. Absent: nothing. */
  byDefault?: string;
  /** Asks for what is in the files to replace what is set around it. Absent: nothing does. */
  replaces?: RegExp;
  /** Of several files the first counts that sets a variable, unless they replace. Absent: the last. */
  keepsFirst?: true;
}

const READERS: readonly Reader[] = [
  { program: /--env-file/, file: /--env-file(?:-if-exists)?[=\s"',]+([^\s"',]+)/g },
  {
    program: /(?:^|[\s"'/])dotenv(?=[\s"'])/,
    file: /\s-e[=\s]*([^\s"',]+)/g,
    byDefault: ".env",
    replaces: /(?:^|[\s"'/])dotenv\s(?:(?!(?<=\s)--\s).)*?(?<=\s)(?:-o|--override)\s/,
    keepsFirst: true,
  },
  {
    program: /(?:^|[\s"'/])dotenvx\s+run(?=[\s"'])/,
    file: /\s-f[=\s]*([^\s"',]+)/g,
    byDefault: ".env",
    replaces: /(?:^|[\s"'/])dotenvx\s+run\s(?:(?!(?<=\s)--\s).)*?(?<=\s)(?:-o|--overload)\s/,
    keepsFirst: true,
  },
  {
    program: /(?:^|[\s"'/])env-cmd(?=[\s"'])/,
    file: /\s(?:-f|--file)[=\s]+([^\s"',]+)/g,
    byDefault: ".env",
    replaces: /(?:)/,
  },
];

/** What is in the files of variables that a command reads for what it starts. */
export interface VariableFiles {
  content: string;
  /** Whether that replaces what is set around the command. */
  replaces: boolean;
}

/** The files that dotenv-cli reads by `-c production`, the one that counts first. Without: the one file. */
function cascade(command: string, file: string): string[] {
  const [found, name] = /\sdotenv(?:\s+-\S+)*?\s+-c(?:[=\s]+(?!-)([\w-]+))?/.exec(` ${command}`) ?? [];
  if (found === undefined) return [file];
  const own = name === undefined ? [] : [`${file}.${name}`];
  return [...own.map((one) => `${one}.local`), `${file}.local`, ...own, file];
}

/** The files of variables that a command reads, in their order. */
export function variableFilesOf(command: string, directory: string): VariableFiles {
  const readers = READERS.filter(({ program }) => program.test(command));
  const replaces = readers.some(({ replaces }) => replaces?.test(command) === true);
  const files = readers.flatMap(({ file, byDefault, keepsFirst }) => {
    const named = Array.from(command.matchAll(file), ([, name = ""]) => name);
    const all = named.length > 0 || byDefault === undefined ? named : cascade(command, byDefault);
    return keepsFirst === true && !replaces ? all.toReversed() : all;
  });
  return {
    content: files.map((file) => textOf(resolve(directory, file))).join("\n"),
    replaces,
  };
}

const DOTENV = /(-r|--require|--import)[=\s"',]+(?:dotenv|dotenv-flow|@dotenvx\/dotenvx)\/config\b/;
const OURS = /(-r|--require|--import)[=\s"',]+[^\s"',]*flushguard/;
/** The file that dotenv is told to read, and whether it replaces what is set. */
const ITS_FILE = /\bdotenv_config_path=["']?([^\s"',]+)/i;
const REPLACES = /\bdotenv_config_override=["']?true\b/i;

/** When Node loads an option's file: what is required comes first. */
const turnOf = (option: RegExpExecArray): number => (option[1] === "--import" ? option.input.length : 0) + option.index;

/** What a command's Node reads of variables before the preload, which is too late for options of Node itself. */
export function readAtStart(command: string, directory: string): VariableFiles {
  const before = variableFilesOf(command, directory);
  const reader = DOTENV.exec(command);
  const ours = OURS.exec(command);
  if (reader === null || (ours !== null && turnOf(ours) < turnOf(reader))) return before;
  const file = textOf(resolve(directory, ITS_FILE.exec(command)?.[1] ?? ".env"));
  const replaces = before.replaces || REPLACES.test(command);
  const contents = replaces ? [before.content, file] : [file, before.content];
  return { content: contents.join("\n"), replaces };
}

/** The line that sets options for Node among variables, of which the last counts. Empty: none does. */
export function optionsLine(content: string): string {
  return content.match(/^\s*(?:export\s+)?NODE_OPTIONS\s*=.*$/gm)?.at(-1) ?? "";
}
