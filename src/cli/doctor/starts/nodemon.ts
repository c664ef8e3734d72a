import { resolve } from "node:path";
import { manifestIn } from "../../../packages/manifest.js";
import { textOf } from "../text.js";

/** A command that nodemon runs. */
export interface Nodemon {
  /** The file that says so. Absent: the command itself. */
  file?: string;
  command: string;
}

interface Settings {
  exec?: string;
  execMap?: { js?: string };
  nodeArgs?: string[];
  env?: Record<string, string>;
}

/** A command of nodemon's that names no program of its own, and what stands behind it. */
const NODEMON = /(?:^|[\s/"'])nodemon(?=[\s"']|$)(?!.*\s(?:-x|--exec)\b)([\s\S]*)$/;

/** What a command of nodemon runs. Undefined: it is another one, or names the program itself. */
export function runByNodemon(text: string, directory: string): Nodemon | undefined {
  const [, behind] = NODEMON.exec(text) ?? [];
  if (behind === undefined) return undefined;
  const [option = "", named] = /\s--config[=\s]+([^\s"']+)/.exec(behind) ?? [];
  const { file, settings } = settingsIn(directory, named ?? "nodemon.json");
  const { exec, execMap, nodeArgs, env } = settings;
  const program = exec ?? execMap?.js ?? ["node", ...(Array.isArray(nodeArgs) ? nodeArgs : [])].join(" ");
  const variables = Object.entries<string>(Object(env)).map(([name, value]) => `${name}="${value}"`);
  const command = [...variables, program, behind.replace(option, " ").trim()].join(" ");
  return file === undefined ? { command } : { file, command };
}

function settingsIn(directory: string, file: string): { file?: string; settings: Settings } {
  try {
    return { file, settings: Object(JSON.parse(textOf(resolve(directory, file)))) };
  } catch {
    const { nodemonConfig } = manifestIn(directory);
    return nodemonConfig === undefined
      ? { settings: {} }
      : { file: "package.json nodemonConfig", settings: Object(nodemonConfig) };
  }
}
