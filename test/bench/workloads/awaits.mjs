import { API } from "../lib/paths.mjs";
import { clients } from "./clients.mjs";

const AWAITS = 20_000;

/**
 * Awaits of an app that has nothing to do with metrics.
 * @param {{ flush: "none" | "before" | "during", of?: string }} args
 * @returns nanoseconds per await
 */
export default async function awaits({ flush, of = "guard() on a class" }) {
  if (flush !== "none") {
    const client = await clients[of](flush === "during" ? 60_000 : 0, true);
    const flight = client.flush();
    if (flush === "before") await flight;
    const { status } = await import(API);
    const flushes = status().targets.reduce((sum, { counters }) => sum + counters.flushes, 0);
    if (flushes !== 1) throw new Error("the flush did not run under the guard");
  }
  return async () => {
    const began = performance.now();
    for (let i = 0; i < AWAITS; i++) await step(i);
    return ((performance.now() - began) * 1e6) / AWAITS;
  };
}

/** @param {number} i */
async function step(i) {
  return i;
}
