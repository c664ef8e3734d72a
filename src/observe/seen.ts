import { log } from "../log.js";
import { addProcessListener } from "../process-listeners.js";
import { publishHazard } from "../telemetry/channels.js";
import type { Hazard } from "../telemetry/messages.js";

type Counts = Partial<Record<Hazard, number>>;

const seen = new Map<string, Counts>();

const STORIES: Record<Hazard, string> = {
  "lost update": "recorded during a flush and thrown away with what that had sent",
  "double send": "sent again by an overlapping flush",
  "re-entrancy": "recorded or flushed from inside a flush",
  "failed send": "thrown away after a send that failed",
  close: "still on their way when a close came back",
  "early return": "still on their way when a flush came back",
  stranded: "still in the buffer as the process ended",
};

/** Counts a hazard that an observer has seen, of a target. */
export function saw(target: string, hazard: Hazard, count: number): void {
  if (count <= 0) return;
  summariseAtExit();
  const counts = seen.get(target) ?? {};
  seen.set(target, counts);
  counts[hazard] = (counts[hazard] ?? 0) + count;
  log.info(`${target}: ${hazard}: ${count} ${STORIES[hazard]}`);
  publishHazard(target, hazard, "seen", count);
}

let summarises = false;

/** Lets the process end with a line of all that was seen, what other listeners see as it ends included. */
export function summariseAtExit(): void {
  if (!summarises) addProcessListener("exit", summarise);
  summarises = true;
}

/** What has been seen of a target so far. */
export function seenOf(target: string): Counts {
  return { ...seen.get(target) };
}

function summarise(): void {
  if (seen.size === 0) return;
  const targets = [...seen].map(([target, counts]) => {
    const hazards = Object.entries(counts).map(([hazard, count]) => `${hazard} ${count}`);
    return `${target}: ${hazards.join(", ")}`;
  });
  // Asked for by FLUSHGUARD=observe, so it is left out only where nothing at all is to be written.
  log.error(`observed, nothing was changed: ${targets.join("; ")}`);
}
