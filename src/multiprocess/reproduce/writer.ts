import { setTimeout as sleep } from "node:timers/promises";
import { faultFrom } from "./fault.js";
import { type Job, LET_GO, READY, type Report, STOP } from "./job.js";
import { type Place, sharedPath } from "./mode.js";
import { OwnStore } from "./own-store.js";
import { pick, randomFrom } from "./random.js";
import type { Recorder } from "./recorder.js";
import { SharedFile } from "./shared-file.js";

const PER_STEP = 4;
const METHODS = ["GET", "PUT", "DELETE"];
const ROUTES = ["/", "/health", "/orders", "/orders/:id", "/orders/:id/items", "/customers/:id/addresses/:address"];

function open(place: Place): Recorder {
  return place.mode === "broken" ? new SharedFile(sharedPath(place)) : new OwnStore(place.folder);
}

/** Left open after a job, as by a process that is killed, for the scrape. */
let recorder: Recorder | undefined;

async function record(job: Job, stop: AbortSignal): Promise<Report> {
  const { place, seed, startAt, steps = Infinity, everyMs } = job;
  const random = randomFrom(seed);
  const writer = String(job.writer);
  let recorded = 0;
  if (startAt !== undefined) await sleep(Math.max(0, startAt - Date.now()));
  try {
    recorder = open(place);
    for (let step = 0; step < steps && !stop.aborted; step++) {
      for (let i = 0; i < PER_STEP; i++) {
        recorder.increment({ writer, method: pick(random, METHODS), route: pick(random, ROUTES) });
        recorded++;
      }
      await sleep(everyMs);
    }
  } catch (error) {
    const { kind, message } = faultFrom(error);
    return { recorded, fault: { kind, message } };
  }
  return { recorded };
}

let stopping = new AbortController();

process.on("message", (order: Job | typeof STOP | typeof LET_GO) => {
  if (order === STOP) {
    stopping.abort();
    return;
  }
  if (order === LET_GO) {
    recorder?.close();
    recorder = undefined;
    process.send?.(READY);
    return;
  }
  stopping = new AbortController();
  void record(order, stopping.signal).then((report) => process.send?.(report));
});
process.on("disconnect", () => process.exit());
// Ctrl-C reaches the writers too, whom their master still has to hear.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
process.send?.(READY);
