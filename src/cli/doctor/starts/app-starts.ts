import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { textOf } from "../text.js";
import { type AppText, scriptsOf, textsOf } from "./app-files.js";
import { environmentsIn, inEnvironment } from "./environments.js";
import { expanded } from "./expansion.js";
import { groupsIn } from "./groups.js";
import { leavesImage, replacesOptions, takesOptions } from "./images.js";
import { type AppFile, startsInFile } from "./in-file.js";
import { filesOfCompose, isCompose, type Kind, kindOf, mayTell, targetsIn } from "./kinds.js";
import { filesOver, isOver } from "./laid-over.js";
import { LAST } from "./stages.js";
import type { StartPlace } from "./start-place.js";
import { SCRIPT, Starts } from "./starts.js";
import { settingsInFile } from "./variables.js";

/** Each place once: as what goes on there, and is without, where one of them does and is. */
function once(places: readonly StartPlace[]): StartPlace[] {
  const all = new Map<string, StartPlace>();
  for (const start of places) {
    const other = all.get(start.place);
    if (other === undefined || other.ends === true || (isGuarded(other) && goesOn(start))) all.set(start.place, start);
  }
  return Array.from(all.values(), ({ isTask: _isTask, ...place }) => place);
}

const goesOn = ({ ends }: StartPlace) => ends !== true;

/** Whether Node has the preload there, and the guard is on. */
function isGuarded({ preload, instead, off: isOff }: StartPlace): boolean {
  return preload !== undefined && instead === undefined && isOff === undefined;
}

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

/** What an app is not started by where it is in use. */
const ASIDE = /^(?:pre|post)?(?:test|lint|build|bench|check)\b|(?:^|[:.-])(?:dev|develop|development|debug|watch)\b/;

/** Where an app's folder starts it. */
export interface AppStarts {
  /** Where its files start Node, with the preload or without. */
  places: StartPlace[];
  /** Whether all have it that start the app: the files that tell how it runs, else its `start`, else its other scripts. */
  preloaded: boolean;
}

/** Where the files in an app's folder start Node, with the preload or without. */
export function startsIn(directory: string): AppStarts {
  const names = namesIn(directory);
  const variables = new Map(settingsInFile(textOf(resolve(directory, ".env"))));
  const read = (files: readonly string[]) =>
    textsOf(directory, files).map(({ file, content }) => {
      return { file, content: isCompose(file) ? expanded(content, (name) => variables.get(name)) : content };
    });
  const telling = read(names.filter((file) => mayTell(file) && !isOver(file, names)));
  const starts = new Starts(directory, groupsIn(telling.map(({ content }) => content)));
  const ofCompose = new Set(telling.flatMap(({ file, content }) => filesOfCompose(file, content)));
  const others = read([...ofCompose].filter((file) => !telling.some((one) => one.file === file)));
  const builders = read(names.filter((file) => BUILDS.test(file)));
  const targets = stagesNamed(
    [...telling, ...builders].filter(({ file }) => !ALSO_BUILDS.test(file)),
    read(names.filter((file) => ALSO_BUILDS.test(file))),
  );
  const scripts = scriptsOf(directory);
  const contents = telling.map(({ content }) => content);
  const commands = [scripts.get("start") ?? "", ...contents];
  const used = [...scripts].flatMap(([name, command]) => (ASIDE.test(name) ? [] : command));
  const environments = environmentsIn([...used, ...contents, ...builders.map(({ content }) => content)]);
  const files = [...telling, ...others].flatMap(({ file, content }): AppFile[] => {
    const kind = kindOf(file, content, ofCompose);
    if (kind === undefined) return [];
    const over = read(filesOver(file, directory, names, commands));
    return inEnvironments(kind, content, environments).map((content) => ({ file, content, over, kind }));
  });
  const inFiles = files.flatMap((file) =>
    startsInFile(starts, file, targets).map((place) => ({
      place,
      kind: file.kind,
      isSet: isOfVariable(place, [file, ...file.over]),
    })),
  );
  const replaced = files.some((file) => file.kind.isImage !== true && replacesOptions(starts, file));
  const isLeft = files.some((file) => file.kind.runsImages === true && leavesImage(starts, file));
  // What runs an image says what is started in it, unless it also runs it as it is.
  const runsImage = !isLeft && inFiles.some(({ place, kind }) => kind.runsImages === true && isGuarded(place));
  const deciding = inFiles.filter(({ kind }) => !(runsImage && kind.isImage === true));
  const start = starts.start();
  const withPreload = starts.withPreload();
  const inScripts = start ?? withPreload.filter(({ place }) => !ASIDE.test(place.slice(SCRIPT.length)));
  const all = (deciding.length > 0 ? deciding.map(({ place }) => place) : inScripts).filter(goesOn);
  const isUnknown = isLeft && !deciding.some(({ kind }) => kind.isImage === true);
  const isTaken = replaced && deciding.some(({ isSet }) => isSet);
  const isRefused =
    inFiles.some(({ kind, isSet }) => kind.runsImages === true && isSet) &&
    files.some((file) => file.kind.isImage === true && takesOptions(starts, file, targets));
  return {
    places: once([...(start ?? []), ...withPreload, ...inFiles.map(({ place }) => place)]),
    preloaded: all.length > 0 && all.every(isGuarded) && !isTaken && !isRefused && !isUnknown,
  };
}

/** Whether a place is a line that sets variables, in one of these files. */
function isOfVariable({ place }: StartPlace, files: readonly AppText[]): boolean {
  const [, name, number] = /^(.*):(\d+)$/.exec(place) ?? [];
  const lines = files.find(({ file }) => file === name)?.content.split("\n");
  return /^\s*(?:ENV\b|(?:-\s+)?env(?:ironment|_file|From)?\s*:)/i.test(lines?.[Number(number) - 1] ?? "");
}
