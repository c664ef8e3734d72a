import type { GaugeMode } from "../meta.js";
import type { MergedSeries } from "./merged-series.js";

interface Rule {
  /** Whether the values of dead processes count. */
  dead?: true;
  /** @param time when the value was set, in milliseconds since the epoch, where the mode has it */
  combine(into: MergedSeries, value: number, time: number): void;
}

const last: Rule["combine"] = ({ totals }, value) => totals.set(0, value);

const sum: Rule["combine"] = ({ totals }, value) => totals.add(0, value);

const min: Rule["combine"] = ({ totals, parts }, value) => {
  totals.set(0, parts === 1 ? value : Math.min(totals.high[0] as number, value));
};

const max: Rule["combine"] = ({ totals, parts }, value) => {
  totals.set(0, parts === 1 ? value : Math.max(totals.high[0] as number, value));
};

/** Milliseconds that clocks of one machine may differ by. What is later than that was set while the clock was ahead. */
const MOST_AHEAD = 60_000;

function isEarlier(time: number, than: number): boolean {
  const limit = Date.now() + MOST_AHEAD;
  return time > limit === than > limit ? time < than : time > limit;
}

const mostRecent: Rule["combine"] = ({ totals, parts }, value, time) => {
  if (parts > 1 && isEarlier(time, totals.high[1] as number)) return;
  totals.set(0, value);
  totals.set(1, time);
};

export const RULES: Readonly<Record<GaugeMode, Rule>> = {
  sum: { combine: sum },
  livesum: { combine: sum },
  min: { combine: min },
  livemin: { combine: min },
  max: { combine: max },
  livemax: { combine: max },
  // Divided by the number of parts when it is shown.
  average: { combine: sum },
  first: {
    combine: (into, value) => {
      if (into.parts === 1) into.totals.set(0, value);
    },
  },
  all: { dead: true, combine: last },
  liveall: { combine: last },
  mostrecent: { dead: true, combine: mostRecent },
  livemostrecent: { combine: mostRecent },
};
