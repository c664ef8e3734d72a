import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const CALLS = /** @type {const} */ ([
  "openSync",
  "fstatSync",
  "statSync",
  "lstatSync",
  "readSync",
  "writeSync",
  "closeSync",
  "readdirSync",
  "renameSync",
  "unlinkSync",
  "rmSync",
  "mkdirSync",
  "utimesSync",
]);

const native = createRequire(import.meta.url)(
  `fs-native-extensions/prebuilds/${process.platform}-${process.arch}/fs-native-extensions.node`,
);

/**
 * Stands before every system call on files that this thread makes.
 * @callback Intercept
 * @param {string} name
 * @param {unknown[]} args
 * @param {(...args: any[]) => any} call makes it, with these arguments or others
 * @returns {unknown} its result
 */

/**
 * @param {Intercept} intercept
 * @returns takes it back
 */
export function interceptCalls(intercept) {
  const originals = CALLS.map((name) => /** @type {const} */ ([name, fs[name]]));
  const { tryLock } = native;
  /**
   * @param {string} name
   * @param {unknown} original
   */
  const intercepted =
    (name, original) =>
    /** @param {unknown[]} args */
    (...args) =>
      intercept(name, args, /** @type {(...args: any[]) => any} */ (original));
  for (const [name, original] of originals) Reflect.set(fs, name, intercepted(name, original));
  native.tryLock = intercepted("tryLock", tryLock);
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) Reflect.set(fs, name, original);
    native.tryLock = tryLock;
    syncBuiltinESMExports();
  };
}

/** Time that passes when it is told to. */
export function holdClock() {
  const [clock, { now }] = [Date.now, performance];
  let passed = 0;
  Date.now = () => clock() + passed;
  performance.now = () => now.call(performance) + passed;
  return {
    pass: (/** @type {number} */ milliseconds) => {
      passed += milliseconds;
    },
    end: () => {
      Date.now = clock;
      performance.now = now;
    },
  };
}
