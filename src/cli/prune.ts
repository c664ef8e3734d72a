import { tidy } from "../multiprocess/collect.js";
import { type Choice, type Pruned, prunable, prune } from "../multiprocess/merge/prune.js";
import { distrust } from "../multiprocess/store/trust.js";
import { now, sleep } from "../timers.js";
import { directoryFrom } from "./directory-from.js";
import { parseArgs } from "./parse-args.js";
import { UsageError } from "./usage-error.js";
import { whyUnwritten } from "./why-unwritten.js";

const HELP = `Usage: flushguard prune --dir <directory> --metric <name> [options]

Forgets what dead processes have left of a metric, or of some of its label sets:
the totals outlive the versions of an app, and so do metrics that a newer
version no longer has. The app may run meanwhile; what its processes have that
live stays as it is.

Only says what would be removed, unless --yes is given.

Options:
      --dir <directory>       where the processes keep their metrics
      --metric <name>         the metric
      --label <name=value>    only series with this label; may be repeated
      --yes                   remove it
  -h, --help                  print this

Exit code 0: removed, or said. 1: other processes were at work on the file for
five seconds, or it cannot be written. 2: wrong arguments, or nothing of that
name is there.`;

function labelsFrom(values: readonly string[]): Record<string, string> {
  const labels = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf("=");
    if (at < 1) throw new UsageError(`--label is ${JSON.stringify(value)}, expected name=value`);
    const name = value.slice(0, at);
    if (labels.has(name)) throw new UsageError(`--label gives ${name} twice, expected one value for each label`);
    labels.set(name, value.slice(at + 1));
  }
  return Object.fromEntries(labels);
}

function textOf(found: readonly Pruned[]): string {
  return found.flatMap(({ metric, series }) => series.map((labels) => `  ${metric}{${labels}}\n`)).join("");
}

/** Milliseconds for which others may be at work on the file: to fold takes a part of a second. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 20;

/** Tries again while another process is at work on the file. @returns whether it came to be free */
async function tried(attempt: () => boolean, until: number): Promise<boolean> {
  while (!attempt()) {
    if (now() > until) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

/** @returns the exit code */
async function remove(dir: string, choice: Choice, until: number): Promise<number> {
  try {
    if (await tried(() => prune(dir, choice), until)) return 0;
    process.stderr.write("flushguard: other processes are at work on the file; try again\n");
  } catch (error) {
    process.stderr.write(`flushguard: cannot write to ${JSON.stringify(dir)}: ${whyUnwritten(dir, error)}\n`);
  }
  return 1;
}

/**
 * `flushguard prune --dir D --metric name [--label name=value] [--yes]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string" },
      metric: { type: "string" },
      label: { type: "string", multiple: true, default: [] },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const dir = directoryFrom(values.dir);
  const reason = distrust(dir);
  if (reason !== undefined) throw new UsageError(`--dir is ${JSON.stringify(dir)}, which ${reason}`);
  if (values.metric === undefined) throw new UsageError("expected --metric, the name of the metric");
  const choice = { metric: values.metric, labels: labelsFrom(values.label) };
  const until = now() + PATIENCE_MS;
  await tried(() => tidy(dir, true), until);
  const found = prunable(dir, choice);
  if (found.length === 0) {
    const which = values.label.length === 0 ? choice.metric : `${choice.metric} with these labels`;
    throw new UsageError(`no dead process has left anything of ${which}`);
  }
  process.stdout.write(`${values.yes ? "Removes" : "Would remove, with --yes"}:\n${textOf(found)}`);
  return values.yes ? remove(dir, choice, until) : 0;
}
