#!/usr/bin/env node
import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.js";

interface Command {
  summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  verify: {
    summary: "measure the clients installed here, without and with the guard",
    load: () => import("./verify.js"),
  },
  scan: {
    summary: "find methods in installed code that lose what is recorded while they flush",
    load: () => import("./scan.js"),
  },
};

const HELP = `Usage: flushguard <command> [options]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join("\n")}

Options:
  -h, --help      print this, or the help of a command
  -v, --version   print the version

To guard an app: node --import flushguard/register app.js
`;

async function withoutCommand(args: string[]): Promise<number> {
  const options = { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } } as const;
  const { values } = parseArgs({ args, options });
  if (values.version) {
    const { version } = await import("../version.js");
    process.stdout.write(`${version()}\n`);
  } else if (values.help) {
    process.stdout.write(HELP);
  } else {
    throw new UsageError(`expected a command: ${Object.keys(COMMANDS).join(", ")}`);
  }
  return 0;
}

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === undefined || name.startsWith("-")) return withoutCommand(name === undefined ? [] : [name, ...rest]);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new UsageError(
      `unknown command ${JSON.stringify(name)}, expected one of ${Object.keys(COMMANDS).join(", ")}`,
    );
  }
  return (await command.load()).run(rest);
}

function isMisuse(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

// `flushguard verify | head` closes the pipe early.
process.stdout.on("error", () => process.exit());

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isMisuse(error)) throw error;
  // parseArgs goes on about what else it could have been in further sentences.
  const line = error instanceof UsageError ? error.message : error.message.split(". ")[0];
  process.stderr.write(`flushguard: ${line} (see flushguard --help)\n`);
  process.exitCode = 2;
}
