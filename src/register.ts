import { createRequire } from "node:module";
import threads from "node:worker_threads";
import { isOff } from "./config/switch.js";

const require = createRequire(import.meta.url);
const { isInternalThread, isMainThread, parentPort } = threads as typeof threads & { isInternalThread?: boolean };

// Node also runs a `--require` preload in its loader thread. Before 22.14 only the missing port to a parent tells that
// thread from a worker.
const isLoaderThread = isInternalThread === true || (!isMainThread && parentPort === null);

if (!isLoaderThread && !isOff(process.env.FLUSHGUARD)) {
  const { preload } = require("./preload.js") as typeof import("./preload.js");
  preload();
}
