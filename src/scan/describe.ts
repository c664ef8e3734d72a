import type { Finding } from "./hazards/finding.js";

/** One sentence: what happens, and what that costs. */
export function describe({ hazard, marks }: Finding, place: string): string {
  const labels = marks.map(({ label }) => label);
  switch (hazard) {
    case "lost update":
      return labels.includes("put back")
        ? `${place} is taken, other code runs, and what was taken is put back over it: what is recorded meanwhile is lost.`
        : `${place} is read, other code runs, and then it is emptied: what is recorded meanwhile is lost, and an overlapping call sends the same again.`;
    case "re-entrancy":
      return labels.includes("reset")
        ? `${place} is read, a function of the user's runs, and then it is emptied: what that function records is lost.`
        : `${place} is gone through while functions of the user's run, and items are taken out of it in place: whoever follows a removed one is passed over.`;
    default:
      return labels.includes("set")
        ? `While ${place} is set, another call returns at once: await it, exit, and what is being sent is lost.`
        : `${place} is emptied before it is sent, so another call finds nothing and returns at once: await it, exit, and what is being sent is lost.`;
  }
}
