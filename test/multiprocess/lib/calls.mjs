import crypto from "node:crypto";
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

/** Names of files that are the same whenever they begin anew, so that a directory lists them in the same order. */
export function holdNames() {
  const { randomBytes } = crypto;
  let made = 0;
  const counted = (/** @type {number} */ size) => {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntBE(++made, size - 6, 6);
    return bytes;
  };
  Reflect.set(crypto, "randomBytes", counted);
  syncBuiltinESMExports();
  return {
    anew: () => {
      made = 0;
    },
    end: () => {
      Reflect.set(crypto, "randomBytes", randomBytes);
      syncBuiltinESMExports();
    },
  };
}
