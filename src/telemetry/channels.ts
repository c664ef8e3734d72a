import { type Channel, channel } from "node:diagnostics_channel";
import type { Hazard, HazardMessage, PatchMessage } from "./messages.js";

/** A channel that carries messages of one type. */
interface TypedChannel<Message> extends Channel {
  publish(message: Message): void;
}

const hazards: TypedChannel<HazardMessage> = channel("flushguard:hazard");
const patches: TypedChannel<PatchMessage> = channel("flushguard:patch");

/** Whether anyone wants to know of hazards: what must be counted for them alone is not counted otherwise. */
export function hazardsAreHeard(): boolean {
  return hazards.hasSubscribers;
}

/** Tells of a hazard; of none where the count is 0. */
export function publishHazard(target: string, hazard: Hazard, outcome: HazardMessage["outcome"], count = 1): void {
  if (hazards.hasSubscribers && count > 0) hazards.publish({ target, hazard, outcome, count });
}

/** @param describe makes the message, where someone wants it */
export function publishPatch(describe: () => PatchMessage): void {
  if (patches.hasSubscribers) patches.publish(describe());
}
