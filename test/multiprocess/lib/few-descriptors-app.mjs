/** Reads a directory with none to eleven descriptors left, and prints how many processes are there each time, or the error. */
import { closeSync, openSync } from "node:fs";
import { Collector } from "../../../dist/src/multiprocess/merge/collector.js";

const { directory } = JSON.parse(String(process.argv[2]));

async function processes() {
  const collector = new Collector(directory);
  try {
    const { health } = await collector.collect(() => true);
    return health.live + health.waiting + health.memory;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code;
  }
}

// What is loaded late is there.
await processes();
const taken = [];
try {
  for (;;) taken.push(openSync(import.meta.filename, "r"));
} catch {
  // There is none left.
}
const seen = [];
for (let left = 0; left < 12; left++) {
  seen.push(await processes());
  closeSync(Number(taken.pop()));
}
process.stdout.write(JSON.stringify(seen));
