import { installHooks } from "../hooks/index.js";
import { startWith } from "../start.js";
import { installInVitest } from "./vitest-hooks.js";

const loading: Promise<void>[] = [];
/** In a context of its own, all but what is Node's has prototypes of its own. */
const inContext = !(process instanceof Object);

// For Vitest's `setupFiles`: guards the clients that a test file loads, in every pool.
startWith(inContext ? installInVitest(loading) : installHooks);

/** Settles when a test file may be loaded. */
export const started = Promise.all(loading);
