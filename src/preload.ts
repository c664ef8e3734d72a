import { createRequire } from "node:module";
import { log } from "./log.js";
import { reasonOf } from "./reason-of.js";
import { runtime } from "./this-process.js";
import { noticeUnreached } from "./unreached/notice.js";

const require = createRequire(import.meta.url);

/** Guards the clients of this process. */
export function preload(): void {
  if (runtime().enable()) {
    try {
      noticeUnreached();
    } catch (error) {
      log.warn(`what the preload does not reach is not told of: ${reasonOf(error)}`);
    }
  }
  const folder = process.env.FLUSHGUARD_DOCTOR;
  if (folder) (require("./process-report.js") as typeof import("./process-report.js")).reportTo(folder);
}
