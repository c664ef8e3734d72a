import { realpathSync } from "node:fs";
import { diagnose, diagnoseRun } from "./doctor/diagnosis.js";
import { printable, printableRun } from "./doctor/output.js";
import { isDirectory } from "./is-directory.js";
import { layoutFor } from "./paint.js";
import { parseArgs } from "./parse-args.js";
import { progressOn } from "./progress.js";
import { UsageError } from "./usage-error.js";

const HELP = `Usage: flushguard doctor [directory] [--require-preload] [--json]
       flushguard doctor [--with-preload] [--json] -- node app.js

The first looks at the app in a directory, by default the working directory:
which of its clients can be guarded, or why not, and where its start commands
have the preload. It loads each client in a process of its own.

The second starts the app as the command says, and tells when it has ended what
was guarded, by process. The report goes to stderr.

Options:
      --require-preload   exit code 1 unless all that starts the app has it
      --with-preload      start the app with the preload added
      --json              one JSON document; of an app that ran, on one line
  -h, --help              print this

Exit code: 0 when all is well, 1 when something is unguarded that should be
guarded or the configuration is wrong, 2 for wrong arguments. How the app ended
is in the report.
`;

function directoryAt(path: string): string {
  if (!isDirectory(path)) {
    throw new UsageError(`${JSON.stringify(path)} is not a directory`);
  }
  return realpathSync(path);
}

/**
 * `flushguard doctor [directory] [--json] [-- command...]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const { values, positionals } = parseArgs({
    args: args.slice(0, end),
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      "require-preload": { type: "boolean", default: false },
      "with-preload": { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  const command = args.slice(end + 1);
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return end < args.length ? ofCommand(command, positionals, values) : ofDirectory(positionals, values);
}

type Values = { json?: boolean | undefined; "require-preload": boolean; "with-preload": boolean };

async function ofCommand(command: readonly string[], others: readonly string[], values: Values): Promise<number> {
  if (command.length === 0) throw new UsageError("expected a command after --");
  if (others.length > 0) throw new UsageError("expected a directory or a command, found both");
  if (values["require-preload"])
    throw new UsageError("--require-preload is for a directory: a command that lacks it is told of anyway");
  const diagnosis = await diagnoseRun(command, values["with-preload"]);
  const text = values.json ? `${JSON.stringify(diagnosis)}\n` : printableRun(diagnosis, layoutFor(process.stderr));
  // The app may have left its last line open.
  process.stderr.write(`\n${text}`);
  return diagnosis.ok ? 0 : 1;
}

async function ofDirectory([path = ".", second]: readonly string[], values: Values): Promise<number> {
  if (second !== undefined) throw new UsageError(`expected one directory; a command to start goes after --`);
  if (values["with-preload"]) throw new UsageError("--with-preload is for a command after --");
  const directory = directoryAt(path);
  const progress = progressOn(process.stderr);
  const diagnosis = await diagnose(directory, values["require-preload"], progress.show);
  progress.clear();
  const text = values.json
    ? `${JSON.stringify(diagnosis, null, 2)}\n`
    : printable(diagnosis, layoutFor(process.stdout));
  process.stdout.write(text);
  return diagnosis.ok ? 0 : 1;
}
