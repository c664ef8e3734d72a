import type { AppText } from "./app-files.js";
import { OF_DEVELOPMENT } from "./development-scripts.js";
import { groupsIn } from "./groups.js";
import { leavesImage, replacesOptions, takesOptions } from "./images.js";
import { type AppFile, startsInFile } from "./in-file.js";
import { aroundPm2 } from "./pm2-in-image.js";
import { type StartPlace, unseen } from "./start-place.js";
import { SCRIPT, Starts } from "./starts.js";
import { isSwitchedOff } from "./switched.js";
import { switchedOffInImages } from "./switched-images.js";
import { type Telling, tellingIn } from "./telling-files.js";

/** Each place once: as what goes on there, and is without, where one of them does and is. */
function once(places: readonly StartPlace[]): StartPlace[] {
  const all = new Map<string, StartPlace>();
  for (const start of places) {
    const other = all.get(start.place);
    if (other === undefined || other.ends === true || (isGuarded(other) && goesOn(start))) all.set(start.place, start);
  }
  return Array.from(all.values(), ({ isTask: _isTask, on: _on, ...place }) => place);
}

const goesOn = ({ ends }: StartPlace) => ends !== true;

/** Whether Node has the preload there, and the guard is on. */
function isGuarded(start: StartPlace): boolean {
  return (
    start.preload !== undefined && start.instead === undefined && !isSwitchedOff(start) && start.leftOut === undefined
  );
}

/** Gives the clients that a value of FLUSHGUARD_TARGETS leaves out and that are guarded without. */
export type LeftOut = (choice: string) => string[];

/** A place with what is left out there. Without, a line that has no other meaning is none. */
function chosenIn({ targets, unknown, ...start }: StartPlace, leftOutBy: LeftOut): StartPlace[] {
  if (unknown) return [{ ...unseen(start), ...(start.ends && { ends: start.ends }) }];
  if (targets === undefined) return [start];
  const leftOut = leftOutBy(targets);
  if (leftOut.length > 0) return [{ ...start, leftOut }];
  return start.unseen === true && start.preload === undefined && !isSwitchedOff(start) ? [] : [start];
}

/** Where an app's folder starts it. */
export interface AppStarts {
  /** Where its files start Node, with the preload or without. */
  places: StartPlace[];
  /** Whether all have it that start the app, and on: the files that tell how it runs, else its `start`, else its other scripts. */
  preloaded: boolean;
}

/** A place, the file that it is in, and whether it is a line that sets variables. */
interface PlaceInFile {
  place: StartPlace;
  file: AppFile;
  isSet: boolean;
}

/**
 * Where the files in an app's folder start Node, with the preload or without.
 * @param inShell what NODE_OPTIONS preloads in a shell there: scripts have that, and not what images, units and the like start. Absent: nothing
 * @param leftOutBy asked of each value of FLUSHGUARD_TARGETS that is set. Absent: none leaves out a client
 */
export function startsIn(directory: string, inShell?: string, leftOutBy: LeftOut = () => []): AppStarts {
  const told = (places: readonly StartPlace[]) => places.flatMap((place) => chosenIn(place, leftOutBy));
  const around = inShell === undefined ? undefined : { preload: inShell };
  const telling = tellingIn(directory);
  const starts = new Starts(directory, groupsIn(telling.contents));
  const inFiles = telling.files.flatMap((file) =>
    told(startsInFile(starts, file, telling.targets, aroundPm2(starts, file, telling))).map((place): PlaceInFile => {
      return { place, file, isSet: isOfVariable(place, [file, ...file.over]) };
    }),
  );
  const scripts = starts.start(around);
  const places = [...told([...(scripts ?? []), ...starts.withPreload()]), ...inFiles.map(({ place }) => place)];
  const ofScripts = told(scripts ?? withPreloadInUse(starts));
  const off = told(switchedOffInImages(starts, telling.files, telling.targets));
  const preloaded = off.length === 0 && isPreloaded(starts, telling, inFiles, ofScripts, inShell !== undefined);
  return { places: once([...places, ...off]), preloaded };
}

/** @param isInShell whether a shell has the preload, for what nothing here starts */
function isPreloaded(
  starts: Starts,
  { files, targets }: Telling,
  inFiles: readonly PlaceInFile[],
  ofScripts: readonly StartPlace[],
  isInShell: boolean,
): boolean {
  const isLeft = files.some((file) => file.kind.runsImages === true && leavesImage(starts, file));
  // What runs an image says what is started in it, unless it also runs it as it is.
  const runsImage =
    !isLeft && inFiles.some(({ place, file: { kind } }) => kind.runsImages === true && isGuarded(place));
  const deciding = inFiles.filter(({ file: { kind } }) => !(runsImage && kind.isImage === true));
  const all = (deciding.length > 0 ? deciding.map(({ place }) => place) : ofScripts).filter(goesOn);
  const isUnknown = isLeft && !deciding.some(({ file: { kind } }) => kind.isImage === true);
  const replaced = files.some((file) => file.kind.isImage !== true && replacesOptions(starts, file));
  const isTaken = replaced && deciding.some(({ isSet }) => isSet);
  const isRefused =
    inFiles.some(({ file: { kind }, isSet }) => kind.runsImages === true && isSet) &&
    files.some((file) => file.kind.isImage === true && takesOptions(starts, file, targets));
  const isGiven = all.length > 0 ? all.every(isGuarded) : isInShell;
  return isGiven && !isTaken && !isRefused && !isUnknown;
}

/** Scripts that have the preload and are not for development. */
function withPreloadInUse(starts: Starts): StartPlace[] {
  return starts.withPreload().filter(({ place }) => !OF_DEVELOPMENT.test(place.slice(SCRIPT.length)));
}

/** Whether a place is a line that sets variables, in one of these files. */
function isOfVariable({ place }: StartPlace, files: readonly AppText[]): boolean {
  const [, name, number] = /^(.*):(\d+)$/.exec(place) ?? [];
  const lines = files.find(({ file }) => file === name)?.content.split("\n");
  return /^\s*(?:ENV\b|(?:-\s+)?env(?:ironment|_file|From)?\s*:)/i.test(lines?.[Number(number) - 1] ?? "");
}
