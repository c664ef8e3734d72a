/** More would disturb each other's timing. */
const TIMED = 2;

/** Runs jobs that start processes, a few at a time and in order. */
export async function pooled(jobs: readonly (() => Promise<void>)[], atOnce = TIMED): Promise<void> {
  const queue = jobs.values();
  const worker = async () => {
    for (const job of queue) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
