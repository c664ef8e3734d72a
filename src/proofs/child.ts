import { proofAt } from "./list.js";
import type { LoadClient, Outcome } from "./proof.js";

/** Begins the line of the result, so that what a client prints is not taken for it. */
export const MARK = "\u001eflushguard-result:";

/** What became of one run of a scenario: what it counted, or why it counted nothing. */
export type Result = { outcome: Outcome; error?: undefined } | { outcome?: undefined; error: string };

async function attempt(module: string, url: string, name: string, load: LoadClient): Promise<Result> {
  try {
    const proof = await proofAt(module, url).load();
    const scenario = proof.scenarios.find((candidate) => candidate.name === name);
    if (scenario === undefined) return { error: `${module} has no scenario ${JSON.stringify(name)}` };
    return { outcome: await scenario.run(load) };
  } catch (error) {
    return { error: String(error) };
  }
}

/** Runs a scenario in this process, prints its result and ends the process: clients keep sockets and timers open. */
export async function runAndExit(module: string, url: string, name: string, load: LoadClient): Promise<void> {
  const result = await attempt(module, url, name, load);
  // Behind what the client printed; a synchronous write would fail while the pipe is full of that.
  process.stdout.write(`\n${MARK}${JSON.stringify(result)}\n`, () => process.exit(0));
}
