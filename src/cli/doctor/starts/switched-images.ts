import { dirname, join } from "node:path";
import type { AppFile } from "./in-file.js";
import { InScope } from "./in-scope.js";
import { startsNoApp } from "./other-programs.js";
import { joinedText, type Scope } from "./scopes.js";
import type { StartPlace } from "./start-place.js";
import type { Starts } from "./starts.js";
import { isSwitchedOff, type Switched, switchedOver } from "./switched.js";

const BUILD = /^\s*(?:-\s+)?build\s*:\s*([\s\S]*)$/;
const IMAGE = /^\s*(?:-\s+)?image\s*:\s*["']?(\S+)/;
/** Nothing of the app is in it but what is mounted. */
const OF_NODE = /^(?:docker\.io\/)?(?:library\/)?node(?:[:@]|$)/;

/** What a process runs: an image that it builds, or one that another program has built. */
interface Image {
  /** Absent: it is not known which of those here it is. */
  file?: string;
  /** Absent: the last one. */
  stage?: string;
}

/** The image that a scope runs. Undefined: none of the app's. */
function imageOf(scope: Scope, file: string): Image | undefined {
  const [build] = scope.flatMap(({ text }) => BUILD.exec(text)?.[1]?.trim() ?? []);
  if (build !== undefined) {
    const valueAt = (key: string) => new RegExp(`(?:^|[\\s{,])${key}\\s*:\\s*["']?([^\\s"',}]+)`).exec(build)?.[1];
    const context = valueAt("context") ?? (/^["']?([^\s"'{}:]+)["']?$/.exec(build)?.[1] || ".");
    const stage = valueAt("target")?.toLowerCase();
    const path = join(dirname(file), context, valueAt("dockerfile") ?? "Dockerfile");
    return { file: path, ...(stage === undefined ? {} : { stage }) };
  }
  const [image] = scope.flatMap(({ text }) => IMAGE.exec(text)?.[1] ?? []);
  return image === undefined || OF_NODE.test(image) || startsNoApp(joinedText(scope)) ? undefined : {};
}

/** What leaves a command unguarded that an image is given in place of its own: a line that sets variables there, or what hands it on. */
function offIn(starts: Starts, { file, kind }: AppFile, scope: Scope): StartPlace[] {
  const own = scope.find(({ text }) => kind.command?.test(text));
  const lead = own?.lead ?? (/^\s*ENTRYPOINT\s*\[/i.test(own?.text ?? "") ? own?.text.trim() : undefined);
  const offWith = (lines: Scope) => new InScope(starts, { file, kind, scope: lines }).starts().filter(isSwitchedOff);
  const set = scope.filter((line) => line !== own);
  const bySetting = offWith(set);
  if (lead === undefined || bySetting.length > 0) return bySetting;
  const given = { text: 'CMD ["node", "a.js"]', number: own?.number ?? 0, lead };
  return offWith([...set, given]).map(({ instead: _instead, ...place }) => ({ ...place, unseen: true }));
}

/** The lines of images that switch off, or leave clients out of, what something here runs in them by its own command or with its own variables. */
export function switchedOffInImages(
  starts: Starts,
  files: readonly AppFile[],
  targets: ReadonlySet<string>,
): StartPlace[] {
  const images = files.filter(({ kind }) => kind.isImage === true);
  return files.flatMap(({ file, kind, ...layered }) => {
    if (kind.runsImages !== true) return [];
    return kind.scopes(layered, file, targets).flatMap((scope) => {
      const image = imageOf(scope, file);
      const runs = new InScope(starts, { file, kind, scope });
      if (image === undefined) return [];
      const named = images.filter((one) => image.file === undefined || one.file === image.file);
      const stages = image.file === undefined ? targets : new Set(image.stage === undefined ? [] : [image.stage]);
      return named
        .flatMap((one) => one.kind.scopes(one, one.file, stages).flatMap((stage) => offIn(starts, one, stage)))
        .map((start) => under(start, runs.switched))
        .filter(isSwitchedOff);
    });
  });
}

/** A place of an image, as far as what runs the image sets nothing else. */
function under(start: StartPlace, set: Switched): StartPlace {
  const { off: _off, observes: _observes, on: _on, unknown: _unknown, targets: _targets, ...rest } = start;
  return { ...rest, ...switchedOver(set, start) };
}
