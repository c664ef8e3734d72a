import type { StartPlace } from "./start-place.js";

/** One of several commands that follow one another. */
export interface Turn {
  /** What it starts. */
  starts: readonly StartPlace[];
  /** The next one begins when it has ended. */
  isWaitedFor: boolean;
  /** It is written to come to its end, as the next one depends on it. */
  isToEnd: boolean;
}

/** Commands with what ends before the app starts told apart: by what it is, or by how the next one follows it. */
export function inTurn<T extends Turn>(turns: readonly T[]): T[] {
  const last = turns.findLastIndex(({ starts }) => starts.length > 0);
  const hasEnded = (start: StartPlace, i: number, { isWaitedFor, isToEnd }: Turn) =>
    start.isTask ?? (i < last && isWaitedFor && isToEnd);
  const isAnyLeft = turns.some((turn, i) => turn.starts.some((start) => !hasEnded(start, i, turn)));
  if (!isAnyLeft) return [...turns];
  return turns.map((turn, i) => ({
    ...turn,
    starts: turn.starts.map((start) => (hasEnded(start, i, turn) ? ended(start) : start)),
  }));
}

/** Nothing has to be there instead. */
function ended(start: StartPlace): StartPlace {
  const { instead: _instead, ...has } = start;
  return { ...has, ends: true };
}
