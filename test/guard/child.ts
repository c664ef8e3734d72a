import { execFile } from "node:child_process";

const dist = new URL("../../dist/src/", import.meta.url).href;

export interface Exit {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a module in a process of its own.
 * @param source may use `dist` for the URL of the built files, and `sleep(ms)`
 * @param args for Node itself
 */
export function run(source: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Exit> {
  const code = `import { setTimeout as sleep } from "node:timers/promises"; const dist = ${JSON.stringify(dist)};\n${source}`;
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...args, "--input-type=module", "--eval", code],
      { env: { ...inherited, ...env }, timeout: 30_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

/** The same, for a module that ends well and prints one JSON document. */
export async function result<T>(source: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<T> {
  const { code, stdout, stderr } = await run(source, args, env);
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}
