import { timeOfDay } from "../../timers.js";
import type { Mode } from "../meta.js";
import type { Totals } from "./total.js";

export interface Rule {
  /** Whether the values of dead processes count. */
  dead?: true;
  /**
   * @param at where the series begins in the sums
   * @param parts of it, this one included
   * @param time when the value was set, in milliseconds since the epoch, where the mode has it
   */
  combine(into: Totals, at: number, parts: number, value: number, time: number): void;
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
const MOST_AHEAD = 60_000;

function isEarlier(time: number, than: number): boolean {
  const limit = timeOfDay() + MOST_AHEAD;
  return time > limit === than > limit ? time < than : time > limit;
}

const mostRecent: Rule["combine"] = (into, at, parts, value, time) => {
  if (parts > 1 && isEarlier(time, into.high[at + 1] as number)) return;
  into.set(at, value);
  into.set(at + 1, time);
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
