// One file where it is published: both are loaded only where something has been started.
export { judgeProcess } from "./process.js";
export { judgeThread } from "./thread.js";
