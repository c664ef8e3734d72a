/**
 * Reads a directory of metrics, which folds those of the dead, and prints them and the warnings that the process had; or stays
 * in the midst of the fold.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { setImmediate as turn } from "node:timers/promises";

/** @type {{ directory: string, stuck?: boolean }} */
const { directory, stuck } = JSON.parse(process.argv[2] ?? "");

/** @type {string[]} */
const warnings = [];
process.on("warning", ({ message }) => warnings.push(message));
const { emitWarning } = process;

if (stuck) {
  const { renameSync } = fs;
  fs.renameSync = (from, to) => {
    if (String(to).endsWith("retained.v1.flushguard")) {
      fs.writeSync(1, "folding");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    renameSync(from, to);
  };
  syncBuiltinESMExports();
}

const { samplesIn } = await import("./read.mjs");
const samples = Object.fromEntries(await samplesIn(directory));
await turn();
if (process.emitWarning !== emitWarning) warnings.push("process.emitWarning is another");
process.stdout.write(JSON.stringify({ samples, warnings }));
