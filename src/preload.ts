import { createRequire } from "node:module";
import { runtime } from "./this-process.js";
import { noticeUnreached } from "./unreached.js";

const require = createRequire(import.meta.url);

/** Guards the clients of this process. */
export function preload(): void {
  if (runtime().enable()) noticeUnreached();
  const folder = process.env.FLUSHGUARD_DOCTOR;
  if (folder) (require("./process-report.js") as typeof import("./process-report.js")).reportTo(folder);
}
