import threads = require("node:worker_threads");

const { isInternalThread, isMainThread, parentPort } = threads as typeof threads & { isInternalThread?: boolean };

// Node also runs a `--require` preload in its loader thread, which on some versions cannot load ES modules: 22.22, 22.23
// and 24.11 among them. Before 22.14 only the missing port to a parent tells that thread from a worker.
if (isInternalThread !== true && (isMainThread || parentPort !== null)) require("../register.js");
