import { setTimeout as sleep } from "node:timers/promises";
import { cleaningUp, cleanUp, type Run } from "./run.js";
import { ALL_WRITERS, nextReconfiguration } from "./schedule.js";
import { scrape } from "./scraper.js";
import { Writer } from "./writers.js";

/** How often the writers are reconfigured: about ten seconds. */
export const RECONFIGURATIONS = 20;

const SCRAPE_EVERY_MS = 50;
const STEP_MS = 10;

/** Writers come and go while they are scraped. */
export async function loop({ place, url, random, jobSeed, tally, log, ending }: Run): Promise<void> {
  const start = async (numbers: readonly number[]) => {
    const writers = numbers.map((number) => {
      log(`Starting ${number} process`);
      return new Writer();
    });
    await Promise.all(writers.map(({ ready }) => ready));
    // Ctrl-C ends a writer that is not ready yet.
    if (ending.aborted) return writers;
    for (const [i, writer] of writers.entries()) {
      const number = numbers[i] as number;
      const job = { writer: number, place, seed: jobSeed(), everyMs: STEP_MS };
      void writer.record(job).then((report) => tally.reported(number, report));
    }
    return writers;
  };

  let broken = false;
  let running = await start(ALL_WRITERS);
  for (let left = RECONFIGURATIONS; ; left--) {
    const { afterMs, writers } = nextReconfiguration(random);
    log(`Sleep for ${afterMs / 1000}`);
    for (const until = Date.now() + afterMs; Date.now() < until && !ending.aborted; ) {
      tally.scraped(await scrape(url));
      await sleep(SCRAPE_EVERY_MS);
    }
    await Promise.all(running.map((writer) => writer.stop()));
    const total = await scrape(url);
    tally.scraped(total);
    if (left === 0 || ending.aborted) return;
    log("RECONFIGURE!");
    // The next writers meet what these have left. After that there is nothing new to see in it.
    if (total === undefined && broken) {
      log(cleaningUp(place));
      await cleanUp(place);
      tally.startOver();
    }
    broken = total === undefined && !broken;
    log(`Reconfigure with writers: [${writers.join(", ")}]`);
    running = await start(writers);
  }
}
