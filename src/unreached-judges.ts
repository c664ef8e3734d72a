export { judgeProcess } from "./unreached-process.js";
export { judgeThread } from "./unreached-thread.js";
