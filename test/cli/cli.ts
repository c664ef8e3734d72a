import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command. */
export const MAIN = fileURLToPath(new URL("../../dist/cli-main.cjs", import.meta.url));

/** The environment of the tests without what preloads or configures. */
export function plainEnv(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== "NODE_OPTIONS" && !name.startsWith("FLUSHGUARD") && !name.endsWith("_COLOR"),
  );
  return { ...Object.fromEntries(kept), ...env };
}

/** Runs `flushguard` in a directory. */
export function cli(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}, input = "") {
  const options = { cwd, env: plainEnv(env), input, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
  return { status, stdout, stderr };
}
