import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { MARK, type Result } from "../../dist/src/proofs/child.js";
import type { ProofEntry } from "../../dist/src/proofs/list.js";
import type { Outcome } from "../../dist/src/proofs/proof.js";
import { directoryWith } from "../config/helpers.js";
import { type Server, startServer } from "./server.js";

const CHILD = new URL("../../dist/src/proofs/child.js", import.meta.url).href;
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const LOADER = new URL("./loader.mjs", import.meta.url).href;

/** Starts the app: a scenario of a proof, with the sink of this folder. */
function startApp(proof: ProofEntry, name: string, guarded: boolean, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const parameters = [proof.module, proof.url, name].map((value) => JSON.stringify(value) ?? "undefined").join(", ");
  const source = `import { createRequire, register } from "node:module";
register(${JSON.stringify(LOADER)});
const { runAndExit } = await import(${JSON.stringify(CHILD)});
const load = { require: createRequire(process.cwd() + "/"), import: (specifier) => import(specifier) };
await runAndExit(${parameters}, load);`;
  const preload = guarded ? ["--import", REGISTER] : [];
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return spawn(process.execPath, [...preload, "--input-type=module", "--eval", source], {
    env: { ...inherited, FLUSHGUARD: guarded ? "on" : "off", ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
}

/**
 * Runs a scenario whose app calls `process.exit()` as soon as its flush has returned.
 * @returns what was recorded, and what the server, a process of its own, has taken in
 * @throws when the app does not come as far as that
 */
export async function runThenExit(proof: ProofEntry, name: string, guarded: boolean): Promise<Outcome> {
  const app = startApp(proof, name, guarded);
  const exited = once(app, "exit");
  let server: Server | undefined;
  const serve = async (options: Parameters<typeof startServer>[0]): Promise<void> => {
    server = await startServer(options, app);
    app.send({ url: server.url, port: server.port });
  };
  app.once("message", serve);
  const printed = text(app);
  const [code] = (await exited) as [number | null];
  await server?.idle();
  await server?.close();
  if (code !== 0 || server === undefined || (await printed).includes(MARK)) {
    throw new Error(`the app ended with ${code} before its flush had returned: ${await printed}`);
  }
  return count(proof, name, guarded, server);
}

async function count(proof: ProofEntry, name: string, guarded: boolean, { taken }: Server): Promise<Outcome> {
  const file = `${directoryWith({})}/taken.json`;
  writeFileSync(file, JSON.stringify(taken));
  const printed = await text(startApp(proof, name, guarded, { EXIT_TEST_TAKEN: file }));
  const { outcome, error } = JSON.parse(printed.slice(printed.lastIndexOf(MARK) + MARK.length)) as Result;
  if (outcome === undefined) throw new Error(error);
  return outcome;
}

async function text(app: ChildProcess): Promise<string> {
  let printed = "";
  app.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
  });
  await once(app, "close");
  return printed;
}
