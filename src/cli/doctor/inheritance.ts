import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadersOfYarn } from "./plug-and-play.js";
import { REGISTER } from "./register-url.js";
import { loadsPreload } from "./starts/preload-files.js";

/** How the preload gets into an app and what the app starts. */
export interface Inheritance {
  /** Whether `flushguard/register` is found from the directory. */
  resolves: boolean;
  /** What NODE_OPTIONS preloads of flushguard: every Node process inherits it. Absent: nothing. */
  nodeOptions?: string;
  /** Whether that is found from other working directories too. */
  anywhere: boolean;
  /** Whether NODE_OPTIONS has it by `--require`, the one form that workers made from a string take. */
  inStrings: boolean;
  /** What to give `--import` so that it is. */
  url: string;
  /** What to have in NODE_OPTIONS, with that. */
  options: string;
}

const PRELOADS = /(?:^|\s)(--import|--require|-r)(?:=|\s+)(?:"([^"]+)"|([^\s"]+))/g;

function isOurs(specifier: string, directory: string): boolean {
  return [REGISTER, fileURLToPath(REGISTER)].includes(specifier) || loadsPreload(specifier, directory);
}

function resolves(directory: string): boolean {
  try {
    return createRequire(join(directory, "/")).resolve("flushguard/register") !== "";
  } catch {
    return false;
  }
}

export function inheritance(directory: string, options: string | undefined): Inheritance {
  const preloads = [...(options ?? "").matchAll(PRELOADS)]
    .map(([, flag, quoted, bare]) => ({ flag, specifier: quoted ?? bare ?? "" }))
    .filter(({ specifier }) => isOurs(specifier, directory));
  const nodeOptions = preloads[0]?.specifier;
  return {
    resolves: resolves(directory),
    ...(nodeOptions === undefined ? {} : { nodeOptions }),
    anywhere: nodeOptions !== undefined && /^(?:file:|\/|[A-Za-z]:)/.test(nodeOptions),
    inStrings: preloads.some(({ flag }) => flag !== "--import"),
    url: REGISTER,
    options: [loadersOfYarn(options), `--import=${REGISTER}`].filter(Boolean).join(" "),
  };
}
