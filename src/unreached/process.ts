import { readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";

/** Worker threads have it whatever their environment is. */
const DIRECTORY = "FLUSHGUARD_MULTIPROCESS_DIR";

const NO_PRELOAD =
  "a Node process was started without the preload, with options or an environment of its own: what it records is not guarded. " +
  '"npx flushguard doctor" prints what to set NODE_OPTIONS to';

const APART =
  `a Node process was started without ${DIRECTORY}, with an environment of its own: its metrics are missing in the totals. ` +
  "Start it with the variables of this process too: env: { ...process.env }";

/** As Node publishes it. */
export interface ChildProcess {
  pid?: number;
  spawnfile?: string;
  spawnargs?: readonly string[];
}

/**
 * Tells of a Node process that has none of these preloads, or not the directory that this one shares.
 * @param preloads as they are named on the command line
 */
export function judgeProcess(child: ChildProcess, preloads: readonly string[], tell: (line: string) => void): void {
  const words = isNode(child) && !isOwnCommand() ? wordsOf(child) : undefined;
  if (words === undefined) return;
  if (!preloads.some((preload) => words.includes(preload))) tell(NO_PRELOAD);
  else if (process.env[DIRECTORY] && !words.includes(DIRECTORY)) tell(APART);
}

/** Whether this process is the package's own command, which starts clients without the preload to see what they lose. */
function isOwnCommand(): boolean {
  try {
    return realpathSync(process.argv[1] ?? "") === join(import.meta.dirname, "cli-main.cjs");
  } catch {
    return false;
  }
}

/** Whether it is Node, or a shell that is told to start one. */
function isNode({ spawnfile = "", spawnargs = [] }: ChildProcess): boolean {
  if (isNamedNode(spawnfile)) return true;
  const command = spawnargs.at(-1) ?? "";
  return isShell(spawnfile) && command.split(/[;&|()\n]/).some((part) => isNamedNode(programOf(part)));
}

function isNamedNode(path: string): boolean {
  return path === process.execPath || /^node(?:\.exe)?$/.test(basename(path));
}

function isShell(path: string): boolean {
  return /^(?:ba|da|z|k)?sh$/.test(basename(path));
}

/** After the variables that are set for it. */
function programOf(command: string): string {
  const [, quoted, bare] = /^\s*(?:exec\s+|env\s+|\w+=\S*\s+)*(?:"([^"]+)"|([^\s"]+))/.exec(command) ?? [];
  return quoted ?? bare ?? "";
}

/** The options that a process was started with, and the names of our variables; undefined where the system does not tell. */
function wordsOf({ pid, spawnargs = [] }: ChildProcess): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    // pm2 has what the app is to be given in one of its own.
    const ours = variables.filter((variable) => variable.startsWith("NODE_OPTIONS=") || variable.includes(DIRECTORY));
    return [...spawnargs, ...ours].join(" ");
  } catch {
    return undefined;
  }
}
