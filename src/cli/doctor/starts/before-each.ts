import { optionsOf, preloadInOptions } from "./command.js";
import { commandsOf } from "./shell.js";
import { sourceOf } from "./shell-sources.js";
import type { Context } from "./start-place.js";
import { switchedAlong } from "./switched.js";
import { optionsLine } from "./variable-files.js";

/** A command that sets options for Node for those that follow it. */
const SETS =
  /^\s*(?:(?:CMD|ENTRYPOINT)\b|[\w-]+:)?\s*(?:-\s+)?(?:export\s+(?:\w+=\S*\s+)*["']?NODE_OPTIONS=|unset\s.*\bNODE_OPTIONS\b)/i;
/** The same for cmd.exe. A shell of another system takes it for something else. */
const SETS_ON_WINDOWS = /^\s*set\s+["']?NODE_OPTIONS=/i;
/** A setting that depends on what is before it, and not what is behind it. */
const IF_ONLY = /(?:&&|\|\|)\s*(?:export|set)\s+NODE_OPTIONS=(?:"[^"]*"|'[^']*'|[^;&|"'])*;/;

/** What is around a command, by what those before it have set. */
export interface Before extends Pick<Context, "at" | "around"> {
  /** What those before it have set is told here. */
  isKnown: boolean;
  /** They set options for Node where another system runs them. */
  isElsewhere: boolean;
}

/** What is around each command of a line. */
export function beforeEach(
  line: string,
  directory: string,
  { at: { place, ...switched }, around }: Context,
): Map<string, Before> {
  const all = new Map<string, Before>();
  const along = switchedAlong(line, switched, (command) => sourceOf(command, directory)?.read?.content ?? "");
  let before: Before = { at: { place }, around, isKnown: true, isElsewhere: false };
  const setTo = (preload: string | undefined): void => {
    if (preload !== before.around?.preload) before = { ...before, around: { preload, place } };
  };
  for (const [i, command] of commandsOf(line).entries()) {
    if (!all.has(command)) all.set(command, { ...before, at: { place, ...along[i] } });
    const source = sourceOf(command, directory);
    if (source !== undefined && source.read === undefined) before = { ...before, isKnown: false };
    const options = optionsLine(source?.read?.content ?? "");
    if (options !== "") {
      const preload = preloadInOptions(options, directory);
      if (preload === undefined || source?.isExported) setTo(preload);
    }
    const isOfWindows = SETS_ON_WINDOWS.test(command);
    if (isOfWindows && process.platform !== "win32") before = { ...before, isElsewhere: true };
    else if ((isOfWindows || SETS.test(command)) && !IF_ONLY.test(line)) {
      setTo(optionsOf(command, directory, before.around));
    }
  }
  return all;
}
