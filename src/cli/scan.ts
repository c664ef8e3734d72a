import { resolve } from "node:path";
import { scan } from "../scan/scan.js";
import { isDirectory } from "./is-directory.js";
import { layoutFor } from "./paint.js";
import { parseArgs } from "./parse-args.js";
import { progressOn } from "./progress.js";
import { asJson, printable } from "./scan-output.js";
import { UsageError } from "./usage-error.js";

const HELP = `Usage: flushguard scan [folder...] [--json]

Reads the JavaScript below the folders (by default the working directory,
node_modules included) and lists the methods that have the shape of a hazard:
  lost update    a buffer is read, waited over, and then emptied
  re-entrancy    a buffer is emptied, or changes, around a call of the user's
                 own function
  early return   a flush comes back at once while another is sending
  close          a Writable says 'finish' before what it has is sent
Prints the code, and the target that guards it. Runs nothing.

Options:
      --json   print one JSON document instead
  -h, --help   print this

Exit code: 0 when nothing is found, 1 when something is, 2 for wrong arguments.
`;

const PATIENCE_MS = 1000;
const INTERVAL_MS = 100;

function folder(argument: string): string {
  const path = resolve(argument);
  if (isDirectory(path)) return path;
  throw new UsageError(`found no folder ${JSON.stringify(argument)}, expected folders to scan`);
}

/** Shows what is going on once it has gone on for a second. */
function progress(): { show(done: number, of: number, findings: number): void; clear(): void } {
  const line = progressOn(process.stderr);
  let next = performance.now() + PATIENCE_MS;
  return {
    show(done, of, findings) {
      if (performance.now() < next) return;
      next = performance.now() + INTERVAL_MS;
      line.show(of === 0 ? `${done} files` : `${done}/${of} files, ${findings} findings`);
    },
    clear: line.clear,
  };
}

/**
 * `flushguard scan [folder...] [--json]`
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
  const folders = (positionals.length > 0 ? positionals : ["."]).map(folder);
  const begun = performance.now();
  const { show, clear } = progress();
  const result = await scan(folders, { onProgress: show });
  clear();
  const durationMs = Math.round(performance.now() - begun);
  if (values.json) process.stdout.write(asJson(result, { folders, durationMs }));
  else process.stdout.write(printable(result, { folders, durationMs, ...layoutFor(process.stdout) }));
  return result.findings.length > 0 ? 1 : 0;
}
