import { executionAsyncId } from "node:async_hooks";
import { lookAtCalls } from "../methods/call-sites.js";
import { probeEmit } from "../process-events.js";

type Emit = NodeJS.EventEmitter["emit"];

/**
 * Whether Node itself has told of the end of the loop by a `process.emit`, and not an app that calls it: it tells the exit code,
 * and nobody's code is being run then but that of whoever has replaced it since.
 */
export function isToldByNode(emit: Emit, args: readonly unknown[]): boolean {
  // One that is bound, as the reaction of a promise, is called as by Node, but with what that has settled with.
  if (args.length !== 1 || args[0] !== Number(process.exitCode ?? 0)) return false;
  if (executionAsyncId() !== 0) return false;
  const below = othersBelow(emit);
  if (below === 0) return true;
  let others = 0;
  try {
    probeEmit((probed) => {
      others = othersBelow(probed) - othersBelow(probeEmit) - 1;
    });
  } catch {
    // Somebody's, of an event that is not known to it.
  }
  return below <= others;
}

/** How many calls lead to the newest one of a function that are not Node's own. */
function othersBelow(called: (...args: never[]) => unknown): number {
  let count = 0;
  lookAtCalls(called, Number.POSITIVE_INFINITY, (sites) => {
    count = sites.filter((site) => site.getFileName()?.startsWith("node:") !== true).length;
  });
  return count;
}
