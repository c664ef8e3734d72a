import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { didYouMean } from "../config/nearest.js";
import { manifestIn } from "../packages/manifest.js";
import { SHARED_CLIENTS } from "../packages/shared-clients.js";
import { proofs } from "../proofs/list.js";
import type { TargetReport } from "../proofs/results.js";
import { targets } from "../targets/list.js";
import { version } from "../version.js";
import { type MeasureOptions, runLine, SCENARIO_TIMEOUT_MS } from "./measure.js";
import { provesNothing, verifyOwn } from "./own-scenario.js";
import { layoutFor } from "./paint.js";
import { parseArgs } from "./parse-args.js";
import { progressOn } from "./progress.js";
import { ReportFile } from "./report-file.js";
import { UsageError } from "./usage-error.js";
import { asJson, printable } from "./verify-output.js";
import { allLossless, type Provable, verifyTargets } from "./verify-targets.js";

const HELP = `Usage: flushguard verify [target...] [--json] [--report FILE.html]
       flushguard verify --scenario FILE.mjs [--json] [--report FILE.html]

Runs the scenarios of each client that is installed in the working directory
twice, against a server on this machine: without and with the guard. Prints
what was recorded and what was delivered.

Targets: any of the ${proofs.length} clients that docs/clients.md of the package lists.
Without one, all that are installed.

Options:
      --scenario FILE run a scenario of your own instead, to prove a target of
                      your own: docs/own-targets.md of the package has one
      --json          print one JSON document instead of the table
      --report FILE   also write an HTML page: the table, and a timeline of
                      every scenario
  -h, --help          print this

Exit code: 0 when every guarded run delivers exactly what was recorded, 1 when
not, a client that was named was not verified, or a scenario of your own loses
nothing without the guard, 2 for wrong arguments.
`;

/** Of a package that is installed and no client: the clients that it may send by. */
function sender(module: string, known: readonly string[]): string {
  const { dependencies, peerDependencies } = manifestIn(join("node_modules", module));
  const needed = Object.keys({ ...Object(peerDependencies), ...Object(dependencies) });
  const clients = known.filter((client) => needed.includes(client));
  return clients.length === 0 ? "" : `; it depends on ${clients.join(" and ")}, which can be verified`;
}

function provable(module: string): Provable {
  const proof = proofs.find((entry) => entry.module === module);
  const target = targets.find((entry) => entry.module === module);
  if (proof === undefined || target === undefined) {
    if (SHARED_CLIENTS.includes(module)) {
      throw new UsageError(
        `${module} loses no values during a flush, but those of other processes: flushguard reproduce shows that`,
      );
    }
    const known = proofs.map((entry) => entry.module);
    throw new UsageError(
      `unknown target ${JSON.stringify(module)}${didYouMean(module, known)}${sender(module, known)}`,
    );
  }
  return { proof, targets: () => target.load() };
}

/** The page is for others: folders of this machine are nothing to them. */
function withoutPlaces(page: string, file: string): string {
  const places: [place: string, instead: string][] = [
    [join(dirname(resolve(file)), "/"), ""],
    [process.cwd(), "."],
    [homedir(), "~"],
  ];
  return places.reduce((text, [place, instead]) => (place.length > 1 ? text.replaceAll(place, instead) : text), page);
}

async function pageOf(reports: readonly TargetReport[], args: readonly string[], file: string): Promise<string> {
  const { reportPage } = await import("../report/page.js");
  const command = ["flushguard verify", ...args].join(" ");
  return withoutPlaces(
    reportPage(reports, { date: new Date(), node: process.version, version: version(), command }),
    file,
  );
}

/**
 * `flushguard verify [target...] [--scenario FILE.mjs] [--json] [--report FILE.html]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      scenario: { type: "string" },
      json: { type: "boolean" },
      report: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const own = values.scenario;
  const named = positionals.length > 0;
  if (named && own !== undefined) throw new UsageError("expected targets or --scenario, not both");
  const chosen = named ? new Set(positionals) : proofs.map(({ module }) => module);
  const provables = Array.from(chosen, provable);
  const file = values.report === undefined ? undefined : new ReportFile(values.report);
  const cwd = process.cwd();
  const progress = progressOn(process.stderr);
  const options: MeasureOptions = {
    cwd,
    timeoutMs: SCENARIO_TIMEOUT_MS,
    trace: file !== undefined,
    onRun: (run) => progress.show(runLine(run)),
  };
  // A target of one's own may be misspelt.
  const said = new Set<string>();
  const reports =
    own === undefined
      ? await verifyTargets(provables, options)
      : await verifyOwn(own, { ...options, onSaid: (line) => said.add(line) });
  progress.clear();
  for (const line of said) process.stderr.write(`${line}\n`);
  const page = values.report === undefined ? "" : await pageOf(reports, args, values.report);
  const idle = own !== undefined && provesNothing(reports);
  const whole = allLossless(reports) && !idle && (!named || reports.every(({ status }) => status === "measured"));
  if (values.json) {
    process.stdout.write(asJson(reports, cwd));
  } else {
    process.stdout.write(printable(reports, { cwd, named, ...layoutFor(process.stdout) }));
    if (idle) process.stdout.write("Everything arrives without the guard as well: this scenario proves nothing.\n");
  }
  // Behind the table, which is not lost with a disk that has become full.
  file?.write(page);
  return whole ? 0 : 1;
}
