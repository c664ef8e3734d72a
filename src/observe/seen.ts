import { log } from "../log.js";
import { addProcessCallback } from "../process-events.js";
import { publishHazard } from "../telemetry/channels.js";
import { HazardCounts } from "../telemetry/hazard-counts.js";
import type { Hazard } from "../telemetry/messages.js";

const seen = new HazardCounts();

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
  seen.add(target, hazard, count);
  log.info(`${target}: ${hazard}: ${count} ${STORIES[hazard]}`);
  publishHazard(target, hazard, "seen", count);
}

let summarises = false;

/** Lets the process end with a line of all that was seen, what other listeners see as it ends included. */
export function summariseAtExit(): void {
  if (!summarises) addProcessCallback("exit", summarise);
  summarises = true;
}

/** What has been seen of a target so far. */
export function seenOf(target: string): ReturnType<HazardCounts["of"]> {
  return seen.of(target);
}

function summarise(): void {
  const all = String(seen);
  // Asked for by FLUSHGUARD=observe, so it is left out only where nothing at all is to be written.
  if (all !== "") log.error(`observed, nothing was changed: ${all}`);
}
