import { timeOfDay } from "../../timers.js";
import type { Mode } from "../meta.js";
import type { Totals } from "./total.js";

export interface Rule {
  /** Whether the values of dead processes count. */
  dead?: true;
  /**
   * @param at where the series begins in the sums
   * @param parts of it, this one included
   * @param timeMs when the value was set, in milliseconds since the epoch, where the mode has it
   */
  combine(into: Totals, at: number, parts: number, value: number, timeMs: number): void;
}

const last: Rule["combine"] = (into, at, _, value) => into.set(at, value);

const sum: Rule["combine"] = (into, at, _, value) => into.add(at, value);

const min: Rule["combine"] = (into, at, parts, value) => {
  into.set(at, parts === 1 ? value : Math.min(into.high[at] as number, value));
};

const max: Rule["combine"] = (into, at, parts, value) => {
  into.set(at, parts === 1 ? value : Math.max(into.high[at] as number, value));
};

/** Milliseconds that clocks of one machine may differ by. What is later than that was set while the clock was ahead. */
const MOST_AHEAD_MS = 60_000;

function isEarlier(timeMs: number, thanMs: number): boolean {
  const limitMs = timeOfDay() + MOST_AHEAD_MS;
  return timeMs > limitMs === thanMs > limitMs ? timeMs < thanMs : timeMs > limitMs;
}

const mostRecent: Rule["combine"] = (into, at, parts, value, timeMs) => {
  if (parts > 1 && isEarlier(timeMs, into.high[at + 1] as number)) return;
  into.set(at, value);
  into.set(at + 1, timeMs);
};

export const RULES: Readonly<Record<Mode, Rule>> = {
  sum: { combine: sum },
  livesum: { combine: sum },
  min: { combine: min },
  livemin: { combine: min },
  max: { combine: max },
  livemax: { combine: max },
  // Divided by the number of parts when it is shown.
  average: { combine: sum },
  first: {
    combine: (into, at, parts, value) => {
      if (parts === 1) into.set(at, value);
    },
  },
  all: { dead: true, combine: last },
  liveall: { combine: last },
  mostrecent: { dead: true, combine: mostRecent },
  livemostrecent: { combine: mostRecent },
};
