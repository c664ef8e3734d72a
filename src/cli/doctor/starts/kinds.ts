import { basename } from "node:path";
import { REGISTER } from "../register-url.js";
import {
  byLine,
  functions,
  joinedText,
  type Layered,
  mappings,
  objects,
  programs,
  type Scope,
  wholeFile,
} from "./scopes.js";
import { services } from "./services.js";
import { words } from "./shell.js";
import { stages } from "./stages.js";
import { unit } from "./unit.js";
import { UNREAD } from "./unread.js";

/** Files that tell how an app is started. */
export interface Kind {
  name: RegExp;
  /** What else has to be in a file of such a name. Absent: nothing. */
  has?: RegExp;
  /** @param targets names of the stages of images that are built */
  scopes(text: Layered, file: string, targets: ReadonlySet<string>): Scope[];
  /** Begins what starts Node where it names Node. Absent: nothing there does. */
  command?: RegExp;
  /** Its commands start an app, whatever their programs are. */
  startsApps?: true;
  /** Is in a file that names what an app runs. Absent: that is not known. */
  programs?: RegExp;
  /** It makes an image. */
  isImage?: true;
  /** It says what is started in images. */
  runsImages?: true;
  /** What is in it where it starts something in a form that is not read. Absent: nothing. */
  unread?: RegExp;
  /** Begins what starts Node by itself: it takes Node's options beside it. */
  script?: RegExp;
}

export const YAML_COMMAND = /^\s*(?:-\s+)?(?:command|entrypoint|args)\s*:/;
/** A key of a platform's file, but for those of what is done before an app starts. */
const OF_PLATFORM =
  /^[\s{]*(?:"\w+"\s*:\s*\{\s*)*["']?(?!\w*(?:build|install|release|setup|pre|test)\w*["']?\s*[:=])[\w.-]+["']?\s*[:=](?!.*NODE_OPTIONS)/i;
/** What Heroku runs before an app starts. */
const RELEASE = /^release\s*:.*\n(?:[ \t]+.*\n?)*/m;
const CONTAINER = /^\s*(?:-\s+)?(?:image|build|command|entrypoint|args|environment|env|env_file)\s*:/;
const SERVICE = new RegExp(`${CONTAINER.source}|^\\s*extends\\s*:`);
const APP = /(?:^|(?<=[\s{,]))["']?(?:script|node_args|nodeArgs|interpreter_args|interpreterArgs)["']?\s*:/;
const APP_OF_YAML = /^\s*(?:-\s+)?(?:script|node_args|interpreter_args)\s*:/;

const ALL = /(?:)/;
/** What says in braces, which are not read, what a container runs, but for a probe. */
const IN_BRACES = /(?<!exec["']?\s*:\s*)[{,]\s*["']?(?:command|entrypoint|environment|env|env_file|envFrom)["']?\s*:/;

const COMPOSE: Kind = {
  name: /^(?:docker-)?compose(?:\..+)?\.ya?ml$/,
  runsImages: true,
  scopes: (text) => services(text, SERVICE),
  command: YAML_COMMAND,
  unread: IN_BRACES,
};

const KINDS: readonly Kind[] = [
  {
    name: /^(?:.+\.)?(?:Dockerfile|Containerfile)(?:\..+)?$/i,
    isImage: true,
    startsApps: true,
    scopes: (text, _, targets) => stages(text, targets),
    command: /^\s*(?:CMD|ENTRYPOINT)\b/i,
  },
  COMPOSE,
  { name: /^Procfile(?:\..+)?$/, startsApps: true, scopes: byLine, command: /^\s*(?!release\s*:)[\w-]+:/ },
  {
    name: /^(?:ecosystem|pm2|process)(?:\.config)?\.(?:[cm]?[jt]s|json|ya?ml)$/,
    scopes: ({ content }, file) => (file.endsWith("ml") ? mappings(content, APP_OF_YAML) : objects(content, APP)),
    script: /(?:^|[\s{,])["']?script["']?\s*:/,
  },
  { name: /\.service$/, startsApps: true, scopes: unit, command: /^\s*ExecStart\s*=/ },
  {
    name: /^supervisord?(?:\..+)?\.(?:conf|ini)$/,
    startsApps: true,
    scopes: ({ content }) => programs(content),
    command: /^\s*command\s*=/,
  },
  {
    name: /^(?:serverless|template|sam)(?:\..+)?\.ya?ml$/,
    scopes: ({ content }) => functions(content),
    unread: /^functions\s*:[^\n]*(?:\n(?:[ \t-].*)?)*?(?:\$\{file\(|\n[ \t]+image\s*:)/m,
  },
  {
    name: /^heroku\.yml$/,
    scopes: ({ content }) => wholeFile(content.replace(RELEASE, (part) => part.replace(/[^\n]/g, " "))),
    command: new RegExp(`^\\s*-\\s|${OF_PLATFORM.source}`, "i"),
    programs: /^run\s*:/m,
  },
  {
    name: /^(?:fly|railway|nixpacks|railpack)\.toml$|^railway\.json$/,
    scopes: ({ content }) => wholeFile(content),
    command: OF_PLATFORM,
    programs: /^\s*\[processes\]/m,
  },
  {
    name: /^app\.ya?ml$/,
    has: /^(?:runtime|entrypoint)\s*:/m,
    startsApps: true,
    scopes: ({ content }) => wholeFile(content),
    command: /^\s*entrypoint\s*:/,
  },
  {
    name: /^app\.ya?ml$/,
    has: /^\s*(?:-\s+)?run_command\s*:/m,
    startsApps: true,
    scopes: ({ content }) => mappings(content, /^\s*(?:-\s+)?(?:run_command|envs)\s*:/),
    command: /^\s*(?:-\s+)?run_command\s*:/,
  },
  {
    name: /^manifest(?:[.-].+)?\.ya?ml$/,
    has: /^applications\s*:/m,
    startsApps: true,
    scopes: ({ content }) => mappings(content, /^\s*(?:-\s+)?(?:command|env)\s*:/),
    command: /^\s*(?:-\s+)?command\s*:/,
  },
  {
    name: /^render\.ya?ml$/,
    startsApps: true,
    scopes: ({ content }) => mappings(content, /^\s*(?:-\s+)?(?:startCommand|envVars)\s*:/),
    command: /^\s*(?:-\s+)?startCommand\s*:/,
  },
  {
    name: /\.ya?ml$/,
    has: /^\s*(?:-\s+)?kind\s*:[\s\S]*^\s*(?:-\s+)?containers\s*:/m,
    runsImages: true,
    scopes: ({ content }) => mappings(content, CONTAINER),
    command: YAML_COMMAND,
    unread: IN_BRACES,
  },
  ...UNREAD.map((file): Kind => ({ ...file, scopes: () => [], unread: ALL })),
];

/**
 * @param alsoCompose files of other names that one of compose takes services from
 * @returns undefined for a file that does not tell how an app is started
 */
export function kindOf(file: string, content: string, alsoCompose: ReadonlySet<string>): Kind | undefined {
  if (alsoCompose.has(file)) return COMPOSE;
  return KINDS.find(({ name, has }) => name.test(basename(file)) && has?.test(content) !== false);
}

/** Whether a file of this name can tell how an app is started. */
export function mayTell(file: string): boolean {
  return KINDS.some(({ name }) => name.test(basename(file)));
}

/** Whether a file of this name is one of compose. */
export function isCompose(file: string): boolean {
  return COMPOSE.name.test(basename(file));
}

/** Files that one of compose takes services from. */
export function filesOfCompose(file: string, content: string): string[] {
  if (!isCompose(file)) return [];
  return Array.from(
    content.matchAll(/^\s*(?:-\s*)?(?:(?:file|path|include)\s*:\s*)?\[?["']?(?:\.\/)?([^\s"':[\]]+\.ya?ml)["'\]]*$/gm),
    ([, name = ""]) => name,
  );
}

/** Names of stages of images that a file builds. */
export function targetsIn(content: string): string[] {
  const found = content.matchAll(
    /(?:^|[\s{,])["']?(?:build-)?target["']?\s*[:=]\s*["']?([\w.-]+)|\b(?:docker|podman|buildx)\b.*\s--target[=\s]([\w.-]+)/gm,
  );
  return Array.from(found, ([, inCompose, inCommand]) => (inCompose ?? inCommand ?? "").toLowerCase());
}

/** What a key is set to in an app of pm2's. */
function settingOf(key: string, scope: Scope): string | undefined {
  const value = new RegExp(
    `(?:^|[\\s{,-])["']?${key}["']?\\s*:\\s*(?:"([^"]*)"|'([^']*)'|\\[([^\\]]*)\\]|([^"'\\s,}][^,}\\n]*))`,
    "m",
  );
  const [, ...values] = value.exec(joinedText(scope)) ?? [];
  return values.find((one) => one !== undefined)?.trim();
}

/** What pm2 runs that is no script for Node: npm, a shell's script or a line for one. Undefined: it is a script for Node. */
export function programOf(scope: Scope): string | undefined {
  const script = settingOf("script", scope) ?? "";
  if (!/^(?:npm|pnpm|yarn|bun)$|\s|\.sh$/.test(script)) return undefined;
  return `${script} ${words(settingOf("args", scope) ?? "").join(" ")}`.trim();
}

/** What pm2 has an app run by that is not Node, nor takes its options as Node does. Undefined: there is no such thing. */
export function interpreterOf(scope: Scope): string | undefined {
  const interpreter = settingOf("(?:exec_)?interpreter", scope);
  if (/^(?:.*[/\\])?(?:node(?:\.exe|@.*)?|tsx)$|^process\.execPath$/.test(interpreter ?? "node")) return undefined;
  return interpreter;
}

/** pm2 starts Node itself, with what stands beside the script, and in a folder of its own. */
export function besideScript(line: string, file: string): string {
  const script = line.trim();
  if (/\.ya?ml$/.test(file)) return `${script.replace(/^-\s+/, "")}\nnode_args: --import ${REGISTER}`;
  const quote = /["']script["']/.exec(script)?.[0]?.[0] ?? "";
  const [pair = script] = /["']?script["']?\s*:\s*(?:"[^"]*"|'[^']*'|[^,}\s]+)/.exec(script) ?? [];
  return `${pair}, ${quote}node_args${quote}: "--import ${REGISTER}",`;
}
