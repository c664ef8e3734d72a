import { readdirSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../text.js";
import { type AppFile, leavesImage, replacesOptions, startsInFile } from "./in-file.js";
import { filesOfCompose, kindOf, mayTell, targetsIn } from "./kinds.js";
import { SCRIPT, type StartPlace, Starts } from "./start-places.js";

function once(places: readonly StartPlace[]): StartPlace[] {
  return [...new Map(places.map((place) => [place.place, place])).values()];
}

/** Whether Node has the preload there, and the guard is on. */
function isGuarded({ preload, instead, off: isOff }: StartPlace): boolean {
  return preload !== undefined && instead === undefined && isOff === undefined;
}

/** Files that build images. */
const BUILDS = /^(?:package\.json|[Mm]akefile|.*\.sh)$/;

/** What an app is not started by. */
const ASIDE = /^(?:pre|post)?(?:test|lint|build|bench|check)\b/;

/** Where an app's folder starts it. */
export interface AppStarts {
  /** Where its files start Node, with the preload or without. */
  places: StartPlace[];
  /** Whether all have it that start the app: the files that tell how it runs, else its `start`, else its other scripts. */
  preloaded: boolean;
}

/** Where the files in an app's folder start Node, with the preload or without. */
export function startsIn(directory: string): AppStarts {
  const starts = new Starts(directory);
  const names = readdirSync(directory).sort();
  const read = (files: readonly string[]) => files.map((file) => ({ file, content: textOf(join(directory, file)) }));
  const telling = read(names.filter(mayTell));
  const ofCompose = new Set(telling.flatMap(({ file, content }) => filesOfCompose(file, content)));
  const others = read([...ofCompose].filter((file) => !telling.some((one) => one.file === file)));
  const builders = read(names.filter((file) => BUILDS.test(file)));
  const targets = new Set([...telling, ...builders].flatMap(({ content }) => targetsIn(content)));
  const files = [...telling, ...others].flatMap(({ file, content }): AppFile[] => {
    const kind = kindOf(file, content, ofCompose);
    return kind === undefined ? [] : [{ file, content, kind }];
  });
  const inFiles = files.flatMap((file) =>
    startsInFile(starts, file, targets).map((place) => ({
      place,
      kind: file.kind,
      isSet: isOfVariable(place, file.content),
    })),
  );
  const replaced = files.some((file) => file.kind.runsImages === true && replacesOptions(starts, file));
  const isLeft = files.some((file) => file.kind.runsImages === true && leavesImage(starts, file));
  // What runs an image says what is started in it, unless it also runs it as it is.
  const runsImage = !isLeft && inFiles.some(({ place, kind }) => kind.runsImages === true && isGuarded(place));
  const deciding = inFiles.filter(({ kind }) => !(runsImage && kind.isImage === true));
  const start = starts.start();
  const withPreload = starts.withPreload();
  const scripts = start ?? withPreload.filter(({ place }) => !ASIDE.test(place.slice(SCRIPT.length)));
  const all = deciding.length > 0 ? deciding.map(({ place }) => place) : scripts;
  const isUnknown = isLeft && !deciding.some(({ kind }) => kind.isImage === true);
  const isTaken = replaced && deciding.some(({ kind, isSet }) => kind.isImage === true && isSet);
  return {
    places: once([...(start ?? []), ...withPreload, ...inFiles.map(({ place }) => place)]),
    preloaded: all.length > 0 && all.every(isGuarded) && !isTaken && !isUnknown,
  };
}

/** Whether a place is the line of an image that sets a variable. */
function isOfVariable({ place }: StartPlace, content: string): boolean {
  const [, number] = /:(\d+)$/.exec(place) ?? [];
  return /^\s*ENV\b/i.test(content.split("\n")[Number(number) - 1] ?? "");
}
