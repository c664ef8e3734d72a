import { parseArgs } from "node:util";
import { proofs } from "../proofs/list.js";
import { targets } from "../targets/list.js";
import { paintFor } from "./paint.js";
import { progressOn } from "./progress.js";
import { allLossless, type Provable, verifyTargets } from "./report.js";
import { wrap } from "./table.js";
import { UsageError } from "./usage-error.js";
import { asJson, printable } from "./verify-output.js";

const TIMEOUT_MS = 60_000;

const HELP = `Usage: flushguard verify [target...] [--json]

Runs the scenarios of each client that is installed in the working directory twice, against a server on this machine:
without and with the guard. Prints what was recorded and what was delivered.

Targets:
${wrap(proofs.map(({ module }) => module).join(", "), 100)
  .map((line) => `  ${line}`)
  .join("\n")}

Options:
      --json   print one JSON document instead of the table
  -h, --help   print this

Exit code: 0 when every guarded run delivers exactly what was recorded, 1 when one does not, 2 for wrong arguments.
`;

function provable(module: string): Provable {
  const proof = proofs.find((entry) => entry.module === module);
  const target = targets.find((entry) => entry.module === module);
  if (proof === undefined || target === undefined) {
    const known = proofs.map((entry) => entry.module).join(", ");
    throw new UsageError(`unknown target ${JSON.stringify(module)}, expected one of ${known}`);
  }
  return { proof, targets: () => target.load() };
}

/**
 * `flushguard verify [target...] [--json]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chosen = positionals.length > 0 ? new Set(positionals) : proofs.map(({ module }) => module);
  const provables = Array.from(chosen, provable);
  const cwd = process.cwd();
  const progress = progressOn(process.stderr);
  const reports = await verifyTargets(provables, { cwd, timeoutMs: TIMEOUT_MS, onRun: progress.show });
  progress.clear();
  const whole = allLossless(reports);
  if (values.json) {
    process.stdout.write(asJson(reports, cwd));
  } else {
    process.stdout.write(
      printable(reports, {
        cwd,
        width: Math.min(process.stdout.columns || 120, 120),
        paint: paintFor(process.stdout),
      }),
    );
  }
  return whole ? 0 : 1;
}
