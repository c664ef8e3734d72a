import { isWorker } from "../worker.js";

type Env = Readonly<Record<string, string | undefined>>;

/** What worker threads that are given an environment of their own still have of ours. */
const KEY = "flushguard.multiprocess";
const SHARED = "FLUSHGUARD_MULTIPROCESS";

const threads = () => process.getBuiltinModule("node:worker_threads");

/** Leaves the variables of several processes to the worker threads that this thread starts from now on. */
export function bequeath(): void {
  threads().setEnvironmentData(KEY, ours(environment(), SHARED));
}

/**
 * The variables of this thread. To an app in cluster mode pm2 gives its own only after the preload has run, and has them in
 * one variable until then: https://github.com/Unitech/pm2/blob/master/lib/ProcessContainer.js
 */
export function environment(): Env {
  const env = isWorker() ? { ...(threads().getEnvironmentData(KEY) as Env | undefined), ...process.env } : process.env;
  if (env.pm2_env === undefined) return env;
  try {
    const { pm2_env: later, ...own } = env;
    return { ...own, ...ours(JSON.parse(later as string) as Env, "FLUSHGUARD") };
  } catch {
    return env;
  }
}

function ours(env: Env, prefix: string): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith(prefix)));
}
