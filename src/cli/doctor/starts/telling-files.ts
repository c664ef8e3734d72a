import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { textOf } from "../text.js";
import { type AppText, scriptsOf, textsOf } from "./app-files.js";
import { OF_DEVELOPMENT } from "./development-scripts.js";
import { environmentsIn, inEnvironment } from "./environments.js";
import { expandedByCompose } from "./expansion.js";
import type { AppFile } from "./in-file.js";
import { filesOfCompose, isCompose, type Kind, kindOf, mayTell, targetsIn } from "./kinds.js";
import { filesOver, isOver } from "./laid-over.js";
import { LAST } from "./stages.js";
import { settingsInFile } from "./variables.js";
import { withPlainKeys } from "./yaml-mapping.js";

/** Folders of an app for what starts it. */
const OF_STARTS =
  /^(?:deploy|deployment|docker|k8s|kubernetes|kustomize|manifests|ops|systemd|charts?|helm|infra|infrastructure|terraform|\.do|\.github)$/;
const DEEPEST = 3;

/** The names in a folder, and those in its folders for what starts an app. */
function namesIn(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && OF_STARTS.test(entry.name));
  const below = folders.flatMap(({ name }) => namesBelow(directory, name, DEEPEST));
  return [...entries.map(({ name }) => name), ...below].sort();
}

/** The names in a folder and in those in it, from the app's on. */
function namesBelow(directory: string, folder: string, depth: number): string[] {
  return readdirSync(join(directory, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    const isLookedInto = entry.isDirectory() && depth > 1 && !/^(?:\.|node_modules$)/.test(entry.name);
    return isLookedInto ? [name, ...namesBelow(directory, name, depth - 1)] : [name];
  });
}

/** Files that build images. */
const BUILDS = /^(?:package\.json|[Mm]akefile|.*\.sh)$/;
/** Files that say what is given to what others start. */
const GIVES = /(?:^|[\\/])(?:values|kustomization)\b[^\\/]*$/;
/** Files that build them among other things. */
const ALSO_BUILDS = /^(?:docker-bake\.\w+|skaffold\.ya?ml|\.github[\\/]workflows[\\/].*)$/;

/** The stages of images that these name; with what only others name, the last one is built too. */
function stagesNamed(files: readonly AppText[], others: readonly AppText[]): Set<string> {
  const named = files.flatMap(({ content }) => targetsIn(content));
  const also = others.flatMap(({ content }) => targetsIn(content));
  const last = named.length === 0 && also.length > 0 ? [LAST] : [];
  return new Set([...named, ...also, ...last]);
}

/** What is in a file of pm2's in each of these environments. Of another, what is in it. */
function inEnvironments({ script }: Kind, content: string, environments: ReadonlySet<string>): string[] {
  if (script === undefined) return [content];
  return [...(environments.size > 0 ? environments : [""])].map((name) => inEnvironment(content, name));
}

/** What in an app's folder tells how it is started. */
export interface Telling {
  files: AppFile[];
  /** What is in those whose names say so, without those of other names that one of compose takes services from. */
  contents: string[];
  /** The scripts that are in use. */
  commands: string[];
  /** Stages of images that something builds. */
  targets: Set<string>;
}

type Read = (files: readonly string[]) => AppText[];

/** The files of a folder with their texts: YAML without quotes around keys, compose with the values of its variables. */
function readerOf(directory: string): Read {
  const variables = new Map(settingsInFile(textOf(resolve(directory, ".env"))));
  return (files) =>
    textsOf(directory, files).map(({ file, content: written }) => {
      const content = /\.ya?ml$/.test(file) ? withPlainKeys(written) : written;
      return { file, content: isCompose(file) ? expandedByCompose(content, (name) => variables.get(name)) : content };
    });
}

export function tellingIn(directory: string): Telling {
  const names = namesIn(directory);
  const read = readerOf(directory);
  const telling = read(names.filter((file) => mayTell(file) && !isOver(file, names)));
  const contents = telling.map(({ content }) => content);
  const builders = read(names.filter((file) => BUILDS.test(file)));
  const targets = stagesNamed(
    [...telling, ...builders].filter(({ file }) => !ALSO_BUILDS.test(file) && !GIVES.test(file)),
    read(names.filter((file) => ALSO_BUILDS.test(file))),
  );
  const ofCompose = new Set(telling.flatMap(({ file, content }) => filesOfCompose(file, content)));
  const others = read([...ofCompose].filter((file) => !telling.some((one) => one.file === file)));
  const scripts = scriptsOf(directory);
  const commands = [...scripts].flatMap(([name, command]) => (OF_DEVELOPMENT.test(name) ? [] : command));
  const environments = environmentsIn([...commands, ...contents, ...builders.map(({ content }) => content)]);
  const files = [...telling, ...others].flatMap(({ file, content }): AppFile[] => {
    const kind = kindOf(file, content, ofCompose);
    if (kind === undefined) return [];
    const over = read(filesOver(file, directory, names, [scripts.get("start") ?? "", ...contents]));
    return inEnvironments(kind, content, environments).map((content) => ({ file, content, over, kind }));
  });
  return { files, contents, commands, targets };
}
