/** What runs from the first flush, send or close of a process on. */
export { Close } from "./calls/close.js";
export { DetachedFlush, TrackedSend } from "./calls/detached-flush.js";
export { ExclusiveFlush } from "./calls/exclusive-flush.js";
export { FlushOnTheStack } from "./calls/flush-on-the-stack.js";
export { Guard } from "./owner/guard.js";
