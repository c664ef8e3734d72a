import { cleanUp, type Run } from "./run.js";
import { ALL_WRITERS } from "./schedule.js";
import { scrape } from "./scraper.js";
import { Writer } from "./writers.js";

/** Milliseconds for the word of an attempt to reach all the writers, who then start at once. */
const BARRIER_MS = 5;
const STEPS = 3;
const STEP_MS = 1;

/**
 * All the writers start at the same moment in a new folder, again and again.
 * @returns how many attempts there were, and in how many a writer crashed or the scrape failed
 */
export async function burst(
  { place, url, jobSeed, tally, ending }: Run,
  attempts: number,
): Promise<{ attempts: number; faulty: number }> {
  const writers = ALL_WRITERS.map((number) => ({ number, writer: new Writer() }));
  let done = 0;
  let faulty = 0;
  try {
    await Promise.all(writers.map(({ writer }) => writer.ready));
    for (; done < attempts && !ending.aborted; done++) {
      const faultsBefore = tally.faults;
      await Promise.all(writers.map(({ writer }) => writer.letGo()));
      await cleanUp(place);
      const startAt = Date.now() + BARRIER_MS;
      const reports = writers.map(async ({ number, writer }) => {
        const job = { writer: number, place, seed: jobSeed(), startAt, steps: STEPS, everyMs: STEP_MS };
        tally.reported(number, await writer.record(job));
      });
      await Promise.all(reports);
      tally.scraped(await scrape(url));
      tally.startOver();
      if (tally.faults > faultsBefore) faulty++;
    }
  } finally {
    await Promise.all(writers.map(({ writer }) => writer.stop()));
  }
  return { attempts: done, faulty };
}
