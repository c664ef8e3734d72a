import { REGISTER } from "../register-url.js";
import { byLine, lastStage, mappings, objects, type Scope, wholeFile } from "./scopes.js";

/** Files that tell how an app is started. */
export interface Kind {
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

export const YAML_COMMAND = /^\s*(?:-\s+)?(?:command|entrypoint|args)\s*:/;
const CONTAINER = /^\s*(?:-\s+)?(?:command|entrypoint|args|environment|env|env_file)\s*:/;
const APP = /(?:^|[\s{,])["']?(?:script|node_args|nodeArgs|interpreter_args|interpreterArgs)["']?\s*:/;
const APP_OF_YAML = /^\s*(?:-\s+)?(?:script|node_args|interpreter_args)\s*:/;

export const KINDS: readonly Kind[] = [
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

/** pm2 starts Node itself, with what stands beside the script, and in a folder of its own. */
export function besideScript(line: string, file: string): string {
  const script = line.trim();
  if (/\.ya?ml$/.test(file)) return `${script.replace(/^-\s+/, "")}\nnode_args: --import ${REGISTER}`;
  const quote = /["']script["']/.exec(script)?.[0]?.[0] ?? "";
  const [pair = script] = /["']?script["']?\s*:\s*(?:"[^"]*"|'[^']*'|[^,}\s]+)/.exec(script) ?? [];
  return `${pair}, ${quote}node_args${quote}: "--import ${REGISTER}",`;
}
