import { createRequire } from "node:module";
import { log } from "./log.js";
import { runtime } from "./this-process.js";
import { noticeUnreached } from "./unreached.js";

const require = createRequire(import.meta.url);

/** Guards the clients of this process. Nothing it meets reaches the app. */
export function preload(): void {
  try {
    runtime().enable();
    noticeUnreached();
    const folder = process.env.FLUSHGUARD_DOCTOR;
    if (folder) (require("./process-report.js") as typeof import("./process-report.js")).reportTo(folder);
  } catch (error) {
    log.error(`could not start: ${error instanceof Error ? error.message : String(error)}; nothing is guarded`);
  }
}
