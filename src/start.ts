import { isOff } from "./config/switch.js";
import type { InstallHooks } from "./hooks/hooks.js";
import { runtimeWith } from "./runtime.js";
import { startFailed } from "./start-failed.js";

/** Guards the clients of this process, by other hooks than the preload's, which are left as they are where it came first. */
export function startWith(installHooks: InstallHooks): void {
  try {
    if (!isOff(process.env.FLUSHGUARD)) runtimeWith(installHooks).enable();
  } catch (error) {
    startFailed(error);
  }
}
