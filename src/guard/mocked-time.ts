import { setTimeout } from "../timers.js";

/**
 * Whether a test of the app's moves time by hand, by fake timers: what waits for one then waits for whoever moves it. That they
 * are others than Node's is not enough: agents replace them too.
 */
export function isTimeMocked(): boolean {
  const { setTimeout: current } = globalThis;
  if (current === setTimeout || typeof current !== "function") return false;
  // Those of @sinonjs/fake-timers, which are Jest's and Vitest's, Jest's older ones, and those of node:test.
  return "clock" in current || "_isMockFunction" in current || current.name.startsWith("bound ");
}
