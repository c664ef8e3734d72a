import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { environment } from "../proofs/run.js";
import { fileOf } from "../targets/list.js";

/** A script that shows the hazards of a client without anything but the client, and what it printed. */
export interface Reproduction {
  script: string;
  output: string;
}

const TIMEOUT_MS = 60_000;

/**
 * Runs the script of a client, with the copy of it that is installed in a directory.
 * @param module one of `fixable`
 * @returns what it printed, errors included
 */
export async function reproduce(module: string, cwd: string): Promise<Reproduction> {
  const script = readFileSync(new URL(`./reproductions/${fileOf(module)}.js`, import.meta.url), "utf8");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd,
    env: environment(false),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIMEOUT_MS,
    windowsHide: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve) => child.on("close", resolve));
  return { script, output };
}
