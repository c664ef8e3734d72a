import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { Target } from "../../target.js";
import { type Client, type Copy, client, patchedClient } from "./client.js";
import { clientFiles } from "./client-files.js";
import { loadersOfYarn } from "./plug-and-play.js";
import { REGISTER } from "./register-url.js";
import type { Tried } from "./trial.js";

const TRIAL = new URL("./trial.js", import.meta.url).href;
const IMPORTED = "only where it is required: an app that imports it gets ES modules that cannot be patched";
const TIMEOUT_MS = 60_000;

/** Where the preload is tried: nothing of it shows in this process. */
export interface TrialOptions {
  /** Working directory, which holds the user's own targets. */
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** What stands for the main script: the app's configuration is looked for from its folder upwards. */
function anyFileIn(directory: string): string {
  const [file] = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return join(directory, file?.name ?? "flushguard-doctor.cjs");
}

function trial(args: readonly string[], { cwd, env }: TrialOptions): Promise<Tried | { failed: string }> {
  return new Promise((resolve) => {
    const { NODE_OPTIONS: own, FLUSHGUARD_DOCTOR: _folder, ...inherited } = env;
    // Not as the main script: the preload looks for packages and a configuration from there too.
    const source = `import ${JSON.stringify(TRIAL)}`;
    const options = ["--no-warnings", "--import", REGISTER, "--input-type=module", "--eval", source, "--"];
    const child = spawn(process.execPath, [...options, anyFileIn(cwd), ...args], {
      cwd,
      env: { ...inherited, NODE_OPTIONS: loadersOfYarn(own), FLUSHGUARD: "on", FLUSHGUARD_LOG: "silent" },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    child.on("message", (tried) => resolve(tried as Tried));
    child.on("error", (error) => resolve({ failed: error.message }));
    child.on("exit", (code, signal) => {
      if (child.killed) resolve({ failed: `loading it took more than ${TIMEOUT_MS / 1000} seconds, and was ended` });
      else resolve({ failed: `loading it ended by ${signal ?? `exit code ${code}`}` });
    });
  });
}

/** How ES modules are hooked under the preload in a directory; undefined where it does not come up. */
export async function esmHooksIn(options: TrialOptions): Promise<Tried["status"]["esm"] | undefined> {
  const tried = await trial([], options);
  return "failed" in tried ? undefined : tried.status.esm;
}

/**
 * Loads a copy of a client under the preload, in a process of its own, and tells what became of it.
 * @param name what it is loaded by
 */
export async function tryCopy(
  copy: Copy,
  name: string,
  targets: readonly Target[],
  options: TrialOptions,
): Promise<Client> {
  const files = clientFiles(copy.path, targets);
  const end = copy.path.lastIndexOf(`${sep}node_modules${sep}`);
  const beside = join(end < 0 ? options.cwd : copy.path.slice(0, end), "flushguard-doctor.cjs");
  const tried = await trial([beside, copy.module, name, ...files.map((file) => join(copy.path, file))], options);
  if ("failed" in tried) return client(copy, "not tried", [tried.failed]);
  const found = tried.status.targets.flatMap((target) => target.found).find(({ path }) => path === copy.path);
  if (found !== undefined) {
    const note = tried.missedByImport ? [IMPORTED] : [];
    return patchedClient(copy, { ...found, reasons: [...found.reasons, ...note] }, "can be guarded");
  }
  const missing = targets.flatMap(({ file }) =>
    file !== undefined && files.length === 0 ? `it has no file ${file}` : [],
  );
  if (missing.length > 0) return client(copy, "wrong shape", missing);
  return client(copy, "not tried", tried.errors.slice(-1));
}
