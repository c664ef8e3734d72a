import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectAll } from "../multiprocess/collect.js";
import { burst } from "../multiprocess/reproduce/burst.js";
import { faultFrom } from "../multiprocess/reproduce/fault.js";
import { loop } from "../multiprocess/reproduce/loop.js";
import { type Mode, type Place, sharedPath } from "../multiprocess/reproduce/mode.js";
import { randomFrom } from "../multiprocess/reproduce/random.js";
import { cleaningUp, cleanUp, type Run } from "../multiprocess/reproduce/run.js";
import { collectShared } from "../multiprocess/reproduce/shared-file.js";
import { Tally } from "../multiprocess/reproduce/tally.js";
import { metricsServer } from "../multiprocess/serve/metrics-server.js";
import { listen } from "./listen.js";
import { HELP, type ReproduceOptions, reproduceOptions } from "./reproduce-options.js";
import { signalled } from "./signalled.js";
import { UsageError } from "./usage-error.js";
import { whyUnwritten } from "./why-unwritten.js";

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function emptied(place: Place): Promise<void> {
  try {
    await cleanUp(place);
  } catch (error) {
    throw new UsageError(`cannot use ${JSON.stringify(place.folder)}: ${whyUnwritten(place.folder, error)}`);
  }
}

/** Whether the mode has shown what it is there to show. */
function asExpected(mode: Mode, { faults, recorded, delivered }: Tally): boolean {
  return mode === "broken" ? faults > 0 : faults === 0 && recorded > 0 && recorded === delivered;
}

async function reproduce({ seed, mode, attempts, port }: ReproduceOptions, folder: string): Promise<number> {
  const ending = new AbortController();
  void signalled().then(() => ending.abort());
  const place = { mode, folder, master: process.pid };
  const tally = new Tally(print);
  const { server, end } = metricsServer({
    collect: async () => (mode === "broken" ? collectShared(sharedPath(place)) : collectAll(folder)),
    onFailure: (error) => tally.fault("Exception happened during processing of request", faultFrom(error)),
    paths: ["/metrics", "/"],
  });
  const url = await listen(server, { host: "127.0.0.1", port });
  try {
    print(`RANDOM SEED: ${seed}`);
    print(`Exposing prometheus metrics in multi-process mode at ${url}/metrics`);
    print(cleaningUp(place));
    await emptied(place);
    // One generator for the reconfigurations alone: nothing else can change their sequence.
    const [random, jobs] = [randomFrom(seed), randomFrom(~seed)];
    const jobSeed = () => Math.floor(jobs() * 2 ** 32);
    const run: Run = { place, url: `${url}/metrics`, random, jobSeed, tally, log: print, ending: ending.signal };
    const bursts = attempts === undefined ? await loop(run) : await burst(run, attempts);
    print(`recorded: ${tally.recorded}`);
    print(`delivered: ${tally.delivered}`);
    print(`faults: ${tally.faults} (${tally.faultsByKind})`);
    if (bursts) print(`faulty attempts: ${bursts.faulty} of ${bursts.attempts}`);
  } finally {
    await end();
  }
  return asExpected(mode, tally) ? 0 : 1;
}

/**
 * `flushguard reproduce [seed] [--dir D] [--mode broken|guarded] [--burst N] [--port 8000]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const options = reproduceOptions(args);
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.dir !== undefined) return reproduce(options, join(options.dir, "reproduce"));
  const folder = await mkdtemp(join(tmpdir(), "flushguard-reproduce-"));
  try {
    return await reproduce(options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
