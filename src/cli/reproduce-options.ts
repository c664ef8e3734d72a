import { RECONFIGURATIONS } from "../multiprocess/reproduce/loop.js";
import { MODES, type Mode } from "../multiprocess/reproduce/mode.js";
import { portFrom } from "./listen.js";
import { parseArgs } from "./parse-args.js";
import { UsageError } from "./usage-error.js";

export interface ReproduceOptions {
  seed: number;
  mode: Mode;
  /** Attempts of a burst; undefined for reconfigurations. */
  attempts: number | undefined;
  /** Where to keep the files; undefined for nowhere. */
  dir: string | undefined;
  port: number;
}

const LARGEST_SEED = 2 ** 32 - 1;
const MOST_ATTEMPTS = 100_000;

export const HELP = `Usage: flushguard reproduce [seed] [options]

Writers 0 to 6, processes of their own, count requests and are scraped. About
every half second they are killed and others are started, ${RECONFIGURATIONS} times; the same
seed gives the same sequence. Prints what was recorded, what the scrapes
delivered, and the faults.

  broken    they share one file, as those of prometheus_client 0.4.2 did after
            a fork: github.com/prometheus/client_python/issues/347
  guarded   each has its own, as with FLUSHGUARD_MULTIPROCESS_DIR

Options:
      --mode <mode>        ${MODES.join(" or ")}; default ${MODES[0]}
      --burst <attempts>   instead, all start at once, this many times
      --dir <directory>    keep the files in its folder "reproduce", which is
                           emptied first; default: a temporary folder
      --port <number>      of 127.0.0.1, for the scrapes; default 8000
  -h, --help               print this

Exit code 0: broken had a fault; guarded had none and delivered all. 1: it was
otherwise. 2: wrong arguments, or the port is taken.
`;

function whole(what: string, text: string, smallest: number, largest: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < smallest || number > largest) {
    throw new UsageError(`${what} is ${JSON.stringify(text)}, expected a whole number from ${smallest} to ${largest}`);
  }
  return number;
}

function modeFrom(text: string): Mode {
  const mode = MODES.find((known) => known === text);
  if (mode === undefined) throw new UsageError(`--mode is ${JSON.stringify(text)}, expected ${MODES.join(" or ")}`);
  return mode;
}

/**
 * @returns undefined when help was asked for
 * @throws {UsageError}
 */
export function reproduceOptions(args: string[]): ReproduceOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dir: { type: "string" },
      mode: { type: "string", default: MODES[0] },
      burst: { type: "string" },
      port: { type: "string", default: "8000" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const { dir, burst } = values;
  const [seed = String(Math.floor(Math.random() * 1_000_000)), more] = positionals;
  if (more !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(more)} after the seed`);
  if (dir === "") throw new UsageError("--dir is empty, expected a directory");
  return {
    seed: whole("the seed", seed, 0, LARGEST_SEED),
    mode: modeFrom(values.mode),
    attempts: burst === undefined ? undefined : whole("--burst", burst, 1, MOST_ATTEMPTS),
    dir,
    port: portFrom(values.port),
  };
}
