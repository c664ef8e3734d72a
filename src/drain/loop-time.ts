import { clearInterval, setInterval } from "../timers.js";

/** Turns into which a limit is divided: after a freeze or a block it may be off by one of them. */
const TURNS = 8;
const SHORTEST_MS = 5;
const LONGEST_MS = 250;

/**
 * Calls back after a time in which the loop turned: however long the process was frozen or blocked, that counts as one turn.
 * The loop stays alive for it.
 * @param ms milliseconds
 * @returns gives up
 */
export function afterLoopTime(ms: number, call: () => void): () => void {
  const turn = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.floor(ms / TURNS)));
  let left = ms;
  const timer = setInterval(() => {
    left -= turn;
    if (left > 0) return;
    clearInterval(timer);
    call();
  }, turn);
  return () => clearInterval(timer);
}
