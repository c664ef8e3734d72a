import type { Around, Command } from "./command.js";
import { inTurn, type Turn } from "./in-turn.js";
import type { Switched } from "./switched.js";

/** What `--import` is given where packages are found by their names. */
export const PRELOAD = "flushguard/register";

/** A place in an app's folder that starts Node, or has the preload for what does. */
export interface StartPlace extends Command, Switched {
  /** A file in the folder, with the line or the script in it: `Dockerfile:7`, `package.json scripts.start`. */
  place: string;
  /** What it starts is another runtime's or another package's and not looked into, or has variables that are set elsewhere. Absent: it is Node. */
  unseen?: true;
  /** Clients that FLUSHGUARD_TARGETS leaves out there, and that are guarded where it is not set. Absent: it leaves out none. */
  leftOut?: readonly string[];
  /** Whether it comes to its end by itself, as its name or its code tells. Absent: neither does. */
  isTask?: boolean;
  /** It has ended before the app starts. Absent: it has not, or that is not known. */
  ends?: true;
}

/** A place of which it is not known what is preloaded there. */
export const unseen = ({ place }: Pick<StartPlace, "place">): StartPlace => ({ place, unseen: true });

/** A command and what it is part of. */
export interface Context {
  at: Switched & Pick<StartPlace, "place">;
  around?: Around | undefined;
  /** What to give `--import` there. */
  preload?: string;
  /** Scripts and files that it is in already. */
  seen?: ReadonlySet<string>;
}

/** A start of a part of a command, with what the whole command should be instead. */
export function asPartOf(start: StartPlace, place: string, command: string, part: string): StartPlace {
  const { instead, ...has } = start;
  if (instead === undefined || start.place !== place) return start;
  return command.includes(part) ? { ...has, instead: command.replace(part, () => instead) } : has;
}

/** A command of a line, and what it starts. */
export interface Commanded extends Turn {
  command: string;
}

/** The starts of a line, with what the whole line should be instead. */
export function inOneLine(line: string, place: string, commands: readonly Commanded[]): StartPlace[] {
  const all = inTurn(commands);
  let changed = line;
  for (const { command, starts } of all) {
    const instead = starts.findLast((start) => start.place === place && start.instead !== undefined)?.instead;
    if (instead !== undefined) changed = changed.replace(command.trim(), () => instead.trim());
  }
  return all.flatMap(({ starts }) =>
    starts.map((start) => {
      const { instead, ...has } = start;
      if (instead === undefined || start.place !== place) return start;
      return line.includes("\n") ? has : { ...has, instead: changed.trim() };
    }),
  );
}
