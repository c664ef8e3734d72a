#!/usr/bin/env node
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { didYouMean } from "../config/nearest.js";
import { parseArgs } from "./parse-args.js";
import { UsageError } from "./usage-error.js";
import { whyUnwritten } from "./why-unwritten.js";

type Load = () => Promise<{ run(args: string[]): Promise<number> }>;

/** By name, in the order of the help: what a command is for, and its module, which is loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, readonly [summary: string, load: Load]>> = {
  doctor: ["tell whether the clients of an app are guarded, or why not", () => import("./doctor.js")],
  verify: ["measure the clients installed here, without and with the guard", () => import("./verify.js")],
  scan: ["find methods that lose what is recorded while they flush", () => import("./scan.js")],
  "export-patch": ["write a patch that fixes a client at its source", () => import("./export-patch.js")],
  serve: ["serve the metrics of several processes, added up", () => import("./serve.js")],
  prune: ["forget metrics that only dead processes had", () => import("./prune.js")],
  reproduce: ["show what several processes do to one file of metrics", () => import("./reproduce.js")],
};

const NAMES = Object.keys(COMMANDS);

const HELP = `Usage: flushguard <command> [options]

Commands:
${Object.entries(COMMANDS)
  .map(([name, [summary]]) => `  ${name.padEnd(14)}${summary}`)
  .join("\n")}

Options:
  -h, --help      print this, or the help of a command
  -v, --version   print the version

The same without dashes: flushguard help [command], flushguard version

To guard an app: node --import flushguard/register app.js
`;

/** Ends where stdout takes no more. That `flushguard verify | head` closes its pipe early is no fault; a full disk is. */
function unwritten(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === "EPIPE") process.exit();
  process.stderr.write(`flushguard: cannot write to stdout: ${whyUnwritten("stdout", error)}\n`);
  process.exit(2);
}

/** Past process.stdout, which takes longer to come up than all the rest of this. */
function print(text: string): void {
  try {
    writeSync(1, text);
  } catch (error) {
    unwritten(error);
  }
}

async function withoutCommand(args: string[]): Promise<number> {
  const options = { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } } as const;
  const { values } = parseArgs({ args, options });
  if (values.version) {
    const { version } = await import("../version.js");
    print(`${version()}\n`);
  } else if (values.help) {
    print(HELP);
  } else {
    throw new UsageError(`expected a command: ${NAMES.join(", ")}`);
  }
  return 0;
}

/** One line: of the system, such as a folder that cannot be written, or a fault of this package's own. */
function failure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, code, stack = "" } = error as NodeJS.ErrnoException;
  const line = message.replace(/\s+/g, " ");
  if (code !== undefined) return line;
  const [at = ""] = stack.match(/\S+:\d+:\d+/) ?? [];
  return `${line} (a fault of flushguard's own${at === "" ? "" : `, at ${at.replace(/^\(/, "")}`}; please report it)`;
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "help" && rest.length > 1) throw new UsageError("expected one command behind help");
  if (name === "help" && rest.length > 0) return main([...rest, "--help"]);
  if (name === "help" || name === "version") return withoutCommand([`--${name}`, ...rest]);
  if (name === undefined || name.startsWith("-")) return withoutCommand(args);
  const [, load] = (Object.hasOwn(COMMANDS, name) && COMMANDS[name]) || [];
  if (load === undefined) {
    throw new UsageError(
      `unknown command ${JSON.stringify(name)}${didYouMean(name, NAMES)}, expected one of ${NAMES.join(", ")}`,
    );
  }
  process.stdout.on("error", unwritten);
  return (await load()).run(rest);
}

async function run(args: string[]): Promise<void> {
  try {
    process.exitCode = await main(args);
  } catch (error) {
    const [name = ""] = args;
    const help = Object.hasOwn(COMMANDS, name) ? `flushguard ${name} --help` : "flushguard --help";
    if (error instanceof UsageError) process.stderr.write(`flushguard: ${error.message} (see ${help})\n`);
    else process.stderr.write(`flushguard: ${failure(error)}\n`);
    process.exitCode = 2;
  }
}

// What commands share with this file they have from it, in processes of their own too.
const file = fileURLToPath(import.meta.url);
if (createRequire(file).main?.filename === file) void run(process.argv.slice(2));
