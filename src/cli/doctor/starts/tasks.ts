import { basename, extname } from "node:path";
import { fileNamed } from "./app-files.js";

/** What waits for requests, messages or a time. */
const GOES_ON = /\.(?:listen|consume|subscribe)\s*\(|\b(?:createServer|serve|setInterval)\s*\(|\bnew\s+Worker\s*\(/;
const TASK =
  /^(?:migrat|seed|setup|init|prepar|build|compil|generat|wait|check|clean|provision|backfill|validat|verif|download|prewarm|healthcheck)/;
const APP = /^(?:app|server?|main|index|start|www|web|api|worker|bot|consumer|queue|gateway|standalone)$/;

function isTask(name: string, directory: string): boolean | undefined {
  if (GOES_ON.test(fileNamed(`./${name}`, directory)?.content ?? "")) return false;
  const all = basename(name, extname(name))
    .toLowerCase()
    .split(/[-_.:]/);
  const isNamedTask = all.some((part) => TASK.test(part)) || /(?:^|\/)migrations\//.test(name);
  const isNamedApp = name === "." || all.some((part) => APP.test(part));
  return isNamedTask === isNamedApp ? undefined : isNamedTask;
}

/** Whether what a file or a script is for comes to its end by itself, by what is in it or by its name. */
export function taskAs(name: string, directory: string): { isTask?: boolean } {
  const is = isTask(name, directory);
  return is === undefined ? {} : { isTask: is };
}
