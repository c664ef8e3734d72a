import { isOff } from "./config/switch.js";
import { installInBundle } from "./hooks/in-bundle.js";
import { log } from "./log.js";
import { runtimeWith } from "./runtime.js";

// For the first line of a bundle's entry, where no preload guards what the bundle carries.
if (!isOff(process.env.FLUSHGUARD)) {
  try {
    runtimeWith(installInBundle).enable();
  } catch (error) {
    log.error(`could not start: ${error instanceof Error ? error.message : String(error)}; nothing is guarded`);
  }
}
