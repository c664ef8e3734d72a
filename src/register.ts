import { createRequire } from "node:module";
import { isOff } from "./config/switch.js";
import { startFailed } from "./start-failed.js";
import { isWorker } from "./worker.js";

const require = createRequire(import.meta.url);

/**
 * Node also runs a `--require` preload in its loader thread. Before 22.14 only the missing port to a parent tells that thread
 * from a worker.
 */
function isLoaderThread(): boolean {
  if (!isWorker()) return false;
  const threads = require("node:worker_threads") as typeof import("node:worker_threads") & {
    isInternalThread?: boolean;
  };
  return threads.isInternalThread === true || threads.parentPort === null;
}

try {
  if (!isOff(process.env.FLUSHGUARD) && !isLoaderThread()) {
    const { preload } = require("./preload.js") as typeof import("./preload.js");
    preload();
  }
} catch (error) {
  startFailed(error);
}
