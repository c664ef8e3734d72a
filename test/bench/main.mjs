/**
 * Measures what the guard costs, each figure beside the unguarded one of the same run, and prints a table per question.
 * It judges nothing: it exits with 0 whatever it finds.
 *
 *     npm run bench                          all questions
 *     npm run bench -- startUp awaits        only these
 *     npm run bench -- peers                 beside agents and locks; the first run installs 420 MB
 */
import { availableParallelism, cpus, loadavg } from "node:os";
import { awaits } from "./questions/awaits.mjs";
import { commandLine } from "./questions/command-line.mjs";
import { idleInstances } from "./questions/idle-instances.mjs";
import { moduleLoading } from "./questions/module-loading.mjs";
import { overlappingFlushes } from "./questions/overlapping-flushes.mjs";
import { peers } from "./questions/peers.mjs";
import { emptyMethod, recordCall } from "./questions/record-call.mjs";
import { recordDuringFlush } from "./questions/record-during-flush.mjs";
import { startUp } from "./questions/start-up.mjs";
import { throughput } from "./questions/throughput.mjs";

const LIMIT_MS = 600_000;
/** Asked only by name: what they measure beside is installed for it. */
const named = { peers };
const questions = {
  recordCall,
  emptyMethod,
  recordDuringFlush,
  throughput,
  startUp,
  moduleLoading,
  commandLine,
  idleInstances,
  awaits,
  overlappingFlushes,
};

const load = () => `load ${loadavg()[0]?.toFixed(1)}`;

console.log(`Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? "CPU"}, ${load()}\n`);
setTimeout(() => {
  console.log(`stopped after ${LIMIT_MS / 1000} s`);
  process.exit(0);
}, LIMIT_MS).unref();

const asked = process.argv.slice(2);
for (const [name, ask] of Object.entries(asked.length > 0 ? { ...questions, ...named } : questions)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  try {
    await ask();
  } catch (error) {
    console.log(`${name}: not measured: ${String(error)}\n`);
  }
}
console.log(`${Math.round(performance.now() / 1000)} s, ${load()} now`);
