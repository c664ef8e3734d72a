type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables of this process. To an app in cluster mode pm2 gives its own only after the preload has run, and has them in
 * one variable until then: https://github.com/Unitech/pm2/blob/master/lib/ProcessContainer.js
 */
export function environment(): Env {
  if (process.env.pm2_env === undefined) return process.env;
  try {
    const { pm2_env: later, ...env } = process.env;
    const own = Object.entries(JSON.parse(later as string) as object).filter(([name]) => name.startsWith("FLUSHGUARD"));
    return { ...env, ...Object.fromEntries(own) };
  } catch {
    return process.env;
  }
}
