import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { MARK, type Result } from "../../dist/src/proofs/child.js";
import type { ProofEntry } from "../../dist/src/proofs/list.js";
import type { Outcome } from "../../dist/src/proofs/proof.js";
import { type Server, startServer } from "./server.js";

const CHILD = new URL("../../dist/src/proofs/child.js", import.meta.url).href;
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const LOADER = new URL("./loader.mjs", import.meta.url).href;

/** Starts the app: a scenario of a proof, with the sink of this folder. */
function startApp(proof: ProofEntry, name: string, guarded: boolean): ChildProcess {
  const parameters = [proof.module, proof.url, name].map((value) => JSON.stringify(value) ?? "undefined").join(", ");
  const source = `import { createRequire, register } from "node:module";
register(${JSON.stringify(LOADER)});
const { runAndExit } = await import(${JSON.stringify(CHILD)});
const load = { require: createRequire(process.cwd() + "/"), import: (specifier) => import(specifier) };
await runAndExit(${parameters}, load);`;
  const preload = guarded ? ["--import", REGISTER] : [];
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return spawn(process.execPath, [...preload, "--input-type=module", "--eval", source], {
    env: { ...inherited, FLUSHGUARD: guarded ? "on" : "off" },
    stdio: ["ignore", "pipe", "inherit", "ipc", "pipe"],
    timeout: 50_000,
    killSignal: "SIGKILL",
  });
}

/**
 * Runs a scenario whose app is gone as soon as its flush has returned.
 * @returns what was recorded, and what the server, in this process, had taken in by then
 * @throws when the app does not come as far as that
 */
export async function runThenExit(proof: ProofEntry, name: string, guarded: boolean): Promise<Outcome> {
  const app = startApp(proof, name, guarded);
  const printed = text(app);
  const ended = once(app, "exit");
  let server: Server | undefined;
  const serve = async (options: Parameters<typeof startServer>[0]): Promise<void> => {
    server = await startServer(options, app);
    app.send({ url: server.url, port: server.port });
  };
  app.once("message", (options: Parameters<typeof startServer>[0]) => void serve(options));
  const [code] = (await ended) as [number | null];
  await server?.close();
  const output = await printed;
  const { outcome, error } = resultIn(output);
  if (server?.gone() && outcome !== undefined) return outcome;
  throw new Error(error ?? `the app ended with ${code} before its flush had returned: ${output}`);
}

function resultIn(output: string): Partial<Result> {
  const at = output.lastIndexOf(MARK);
  return at === -1 ? {} : (JSON.parse(output.slice(at + MARK.length)) as Result);
}

async function text(app: ChildProcess): Promise<string> {
  let printed = "";
  app.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
  });
  await once(app, "close");
  return printed;
}
