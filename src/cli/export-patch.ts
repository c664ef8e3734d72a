import { join, relative } from "node:path";
import { didYouMean } from "../config/nearest.js";
import { fixable, fixOf } from "../export-patch/fixes/list.js";
import { makePatch, type PatchOptions } from "../export-patch/make-patch.js";
import { patchesOf, patchFile, writePatch } from "../export-patch/patches-folder.js";
import { installedCopies } from "../packages/installed-copies.js";
import { targets } from "../targets/list.js";
import { parseArgs } from "./parse-args.js";
import { upstreamIssue } from "./upstream-issue.js";
import { UsageError } from "./usage-error.js";
import { whyUnwritten } from "./why-unwritten.js";

const HELP = `Usage: flushguard export-patch <client> [--stdout | --issue]

Fixes the source of an installed client, and writes the difference to
patches/<client>+<version>.patch. The installed files stay as they are: patch
them with git apply, or on every install with patch-package. A patched client
needs no preload.

Clients:
  ${fixable.join(", ")}

Options:
      --stdout   print the patch, and write no file
      --issue    measure what the client loses, and print an issue for its
                 maintainers, in Markdown
  -h, --help     print this

Exit code: 0 when there is a patch or an issue, 1 when there is none to make,
2 for wrong arguments, and where another patch of the client is in the way.
`;

/** Does something with one copy of a client, and gives the exit code. */
type Act = (options: PatchOptions) => number | Promise<number>;

function refuse({ copy }: PatchOptions, reason: string): number {
  process.stderr.write(`flushguard: no patch for ${copy.path} ${copy.version}: ${reason}\n`);
  return 1;
}

function pathOf({ root, copy }: PatchOptions): string {
  return relative(process.cwd(), join(root, patchFile(copy)));
}

/** @throws {UsageError} where a step needs the folder of the patches and it is none, or takes no file */
function inFolder<Result>(options: PatchOptions, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    const path = pathOf(options);
    throw new UsageError(`cannot write ${JSON.stringify(path)}: ${whyUnwritten(path, error)}; --stdout prints it`);
  }
}

const write: Act = (options) => {
  const { root, copy } = options;
  const patch = makePatch(options);
  if ("obstacle" in patch) return refuse(options, patch.obstacle);
  const there = inFolder(options, () => patchesOf(root, copy));
  if ("fixed" in patch) {
    if (there.length === 0) return refuse(options, "it is patched already; install it anew to export the patch again");
    process.stdout.write(`${copy.path} ${copy.version} is patched already, and ${there.join(", ")} is there\n`);
    return 0;
  }
  if (copy.linked) {
    return refuse(options, "it is a link, which patch-package and git apply do not follow (see --stdout)");
  }
  const path = pathOf(options);
  const others = inFolder(options, () => writePatch(root, copy, patch.text));
  if (others.length > 0) {
    throw new UsageError(`${others.join(", ")} is there, so ${path} is not written: remove it, or use --stdout`);
  }
  process.stdout.write(`${path}\n`);
  return 0;
};

const print: Act = (options) => {
  const patch = makePatch(options);
  if ("obstacle" in patch) return refuse(options, patch.obstacle);
  if ("fixed" in patch) return refuse(options, "it is patched already");
  process.stdout.write(patch.text);
  return 0;
};

const report: Act = async (options) => {
  const issue = await upstreamIssue(options);
  if ("obstacle" in issue) return refuse(options, issue.obstacle);
  process.stdout.write(issue.text);
  if (issue.tracker !== undefined) process.stderr.write(`To be opened at ${issue.tracker}\n`);
  return 0;
};

/**
 * `flushguard export-patch <client> [--stdout | --issue]`
 * @returns the exit code
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { stdout: { type: "boolean" }, issue: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [module, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`expected one client, found ${positionals.length}`);
  if (module === undefined) throw new UsageError(`expected a client: ${fixable.join(", ")}`);
  if (values.stdout && values.issue) throw new UsageError("expected one of --stdout and --issue, not both");
  const entry = targets.find((one) => one.module === module);
  if (entry === undefined) {
    const hint = didYouMean(module, fixable);
    throw new UsageError(`unknown client ${JSON.stringify(module)}${hint}, expected one of ${fixable.join(", ")}`);
  }
  if (!fixable.includes(module)) {
    process.stderr.write(`flushguard: no patch for ${module}, only for ${fixable.join(", ")}\n`);
    return 1;
  }
  const cwd = process.cwd();
  const installed = installedCopies(module, cwd);
  if (installed === undefined) throw new UsageError(`${module} is not installed in ${cwd}: npm install ${module}`);
  const { root, copies } = installed;
  const shared = { fix: fixOf(module), targets: entry.load(), root };
  if (values.issue) return report({ ...shared, copy: copies[0] });
  let code = 0;
  for (const copy of copies) code = Math.max(code, await (values.stdout ? print : write)({ ...shared, copy }));
  return code;
}
