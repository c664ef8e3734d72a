import { readdirSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "./kinds.js";
import { SCRIPT, type StartPlace, Starts } from "./start-places.js";
import { textOf } from "./text.js";

function once(places: readonly StartPlace[]): StartPlace[] {
  return [...new Map(places.map((place) => [place.place, place])).values()];
}

/** Whether Node has the preload there, and the guard is on. */
function isGuarded({ preload, instead, off: isOff }: StartPlace): boolean {
  return preload !== undefined && instead === undefined && isOff === undefined;
}

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
  const inFiles = readdirSync(directory)
    .sort()
    .flatMap((file) => {
      const kind = KINDS.find(({ name }) => name.test(file));
      if (kind === undefined) return [];
      const content = textOf(join(directory, file));
      if (kind.has !== undefined && !kind.has.test(content)) return [];
      return starts.file(file, kind, content).map((place) => ({ place, kind }));
    });
  // What runs an image says what is started in it.
  const runsImage = inFiles.some(({ place, kind }) => kind.runsImages === true && isGuarded(place));
  const deciding = inFiles.filter(({ kind }) => !(runsImage && kind.isImage === true)).map(({ place }) => place);
  const start = starts.start();
  const withPreload = starts.withPreload();
  const scripts = start ?? withPreload.filter(({ place }) => !ASIDE.test(place.slice(SCRIPT.length)));
  const all = deciding.length > 0 ? deciding : scripts;
  return {
    places: once([...(start ?? []), ...withPreload, ...inFiles.map(({ place }) => place)]),
    preloaded: all.length > 0 && all.every(isGuarded),
  };
}
