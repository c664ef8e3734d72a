import { milliseconds } from "./numbers.js";
import { type Extent, overlap, placed } from "./place.js";

/** A stretch of the axis that is shortened, as nothing begins or ends in it. Both ends in percent of the width. */
interface Break {
  from: number;
  to: number;
}

/** Where times are on the axis that both runs of a scenario share. */
export interface Scale {
  /** Percent of the width. */
  at(time: number): number;
  breaks: readonly Break[];
  /** Times to label, in milliseconds. */
  ticks: readonly number[];
}

/** Part of the whole time from which on a stretch without events is shortened, and how many are: the longest. */
const IDLE = { part: 0.08, most: 4 };
/** Percent of the width that a shortened stretch takes. */
const BREAK = 8;

interface Piece {
  from: number;
  to: number;
  idle: boolean;
}

/** The least length of a stretch that is shortened. */
function idleFrom(times: readonly number[]): number {
  const gaps = times.map((time, i) => time - (times[i - 1] ?? time)).sort((a, b) => b - a);
  return Math.max(IDLE.part * ((times.at(-1) ?? 0) - (times[0] ?? 0)), gaps[IDLE.most] ?? 0);
}

/** Cuts the time between the first and the last event into busy and idle pieces. */
function piecesOf(times: readonly number[]): Piece[] {
  const first = times[0] ?? 0;
  const least = idleFrom(times);
  const pieces: Piece[] = [{ from: first, to: first, idle: false }];
  for (const time of times) {
    const last = pieces.at(-1) as Piece;
    if (time - last.to > least) {
      pieces.push({ from: last.to, to: time, idle: true }, { from: time, to: time, idle: false });
    } else {
      last.to = time;
    }
  }
  return pieces;
}

/**
 * Makes the axis: busy pieces in proportion to their length, idle ones shortened.
 * @param events times of everything that begins or ends, in milliseconds
 */
export function scaleOf(events: readonly number[]): Scale {
  const pieces = piecesOf([...new Set([0, ...events])].sort((a, b) => a - b));
  const idle = pieces.filter((piece) => piece.idle).length;
  const total = pieces.reduce((sum, { from, to, idle: isIdle }) => sum + (isIdle ? 0 : to - from), 0);
  // A piece of a single event needs room for it.
  const room = total / 12 || 1;
  const weight = ({ from, to }: Piece): number => to - from + room;
  const weights = pieces.reduce((sum, piece) => sum + (piece.idle ? 0 : weight(piece)), 0);
  const busyWidth = 100 - idle * BREAK;

  let x = 0;
  const stops: { time: number; x: number }[] = [];
  const breaks: Break[] = [];
  for (const piece of pieces) {
    const width = piece.idle ? BREAK : (busyWidth * weight(piece)) / weights;
    if (piece.idle) {
      breaks.push({ from: x, to: x + width });
    } else {
      const margin = (width * room) / weight(piece) / 2;
      stops.push({ time: piece.from, x: x + margin }, { time: piece.to, x: x + width - margin });
    }
    x += width;
  }
  const at = (time: number): number => {
    const last = stops.length - 1;
    const found = stops.findIndex((stop, i) => i > 0 && stop.time >= time);
    const next = found === -1 ? last : found;
    const [before, after] = [stops[next - 1], stops[next]];
    if (before === undefined || after === undefined) return 50;
    const part = after.time === before.time ? 0 : (time - before.time) / (after.time - before.time);
    return before.x + (after.x - before.x) * Math.min(1, Math.max(0, part));
  };
  return { at, breaks, ticks: ticksOf(pieces, at) };
}

/** The beginning of each busy piece, then round times inside them, as far as there is room. */
function ticksOf(pieces: readonly Piece[], at: (time: number) => number): number[] {
  const busy = pieces.filter(({ idle }) => !idle);
  const candidates = [
    0,
    ...busy.map(({ from }) => from),
    busy.at(-1)?.to ?? 0,
    ...busy.flatMap(({ from, to }) => roundTimes(from, to)),
  ];
  const ticks: { time: number; extent: Extent }[] = [];
  for (const time of candidates) {
    const { extent } = placed(at(time), `${milliseconds(time)} `);
    if (!ticks.some((tick) => overlap(tick.extent, extent))) ticks.push({ time, extent });
  }
  return ticks.map(({ time }) => time);
}

function roundTimes(from: number, to: number): number[] {
  const rough = (to - from) / 4;
  if (rough <= 0) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}
