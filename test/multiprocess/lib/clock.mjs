/**
 * Clocks that can be moved on. To be imported before anything of the package, which takes those that there are.
 */
const [clock, { hrtime }] = [Date.now, process];
let passed = 0;

Date.now = () => clock() + passed;
process.hrtime = Object.assign(
  () => {
    const [seconds, nanoseconds] = hrtime();
    return /** @type {[number, number]} */ ([seconds, nanoseconds + passed * 1e6]);
  },
  { bigint: hrtime.bigint },
);

const timers = new URL("../../../dist/src/timers.js", import.meta.url).href;
/** @type {typeof import("../../../src/timers.js")} */
const { now } = await import(timers);

/** Time that passes when it is told to. */
export function holdClock() {
  return {
    pass: (/** @type {number} */ milliseconds) => {
      const before = now();
      passed += milliseconds;
      if (now() < before + milliseconds) throw new Error("the package has been loaded before this");
    },
    end: () => {
      passed = 0;
    },
  };
}
