// The preload for --require. Node runs such a preload in its loader thread as well, where Node 22 to 24.11.0 cannot require an ES module
// (ERR_METHOD_NOT_IMPLEMENTED), so it asks before it requires one.
const { isInternalThread, isMainThread, parentPort } = require("node:worker_threads");

if (isInternalThread !== true && (isMainThread || parentPort !== null)) require("./preload.mjs");
