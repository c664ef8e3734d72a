import type { ProcessReport } from "../../process-report.js";
import type { AppRun } from "./app.js";
import { isNode } from "./is-node.js";
import type { NodeProcess } from "./node-processes.js";

/** A process of Node's, or a thread of one, that was started and in which no preload has reported. */
export interface Unreported {
  pid: number;
  /** 0 for the main thread. */
  threadId: number;
  /** With the path of Node. */
  command: readonly string[];
}

/** Package managers, which start what they are asked for in a process of its own. */
const MANAGER = /(?:^|[\\/])(?:np[mx]|pn[mp][mx]?|yarn(?:pkg)?|corepack)(?:-cli)?(?:-[\d.]+)?(?:\.[cm]?js)?$/;
const INSTALLED = /(?:^|[\\/])(?:node_modules|\.yarn)[\\/]/;

/** Whether a process only starts others: a package manager, or a tool that was installed and from which one with the preload came. */
function isRunner({ pid, command }: NodeProcess, processes: readonly NodeProcess[], withPreload: Set<number>): boolean {
  const main = command.slice(1).find((word) => !word.startsWith("-")) ?? "";
  // npm gives its process a title, which takes the place of the command.
  const [title = ""] = command[0]?.split(" ") ?? [];
  if (MANAGER.test(main) || MANAGER.test(title)) return true;
  return INSTALLED.test(main) && processes.some((one) => withPreload.has(one.pid) && one.from.includes(pid));
}

/**
 * Which of what is known to have been started has not reported: by the app's own threads that have, by the command where that is
 * Node, and by the system where it shows what other programs start.
 */
export function unreported(
  command: readonly string[],
  { pid, reports, processes }: Pick<AppRun, "pid" | "reports" | "processes">,
): Unreported[] {
  const reported = new Set(reports.map((one) => key(one.pid, one.threadId)));
  const withPreload = new Set(reports.map((one) => one.pid));
  const first = isNode(command[0] ?? "") ? [{ pid, threadId: 0, command }] : [];
  const started = reports.flatMap((one) => [
    ...one.started.processes.map((child) => ({ ...child, threadId: 0 })),
    ...one.started.threads.map((threadId) => ({ pid: one.pid, threadId, command: ["node", ...one.command] })),
  ]);
  const seen = processes.filter((one) => !isRunner(one, processes, withPreload));
  const all = [...first, ...started, ...seen.map((one) => ({ pid: one.pid, threadId: 0, command: one.command }))];
  const off = new Set(processes.flatMap((one) => (one.off ? [one.pid] : [])));
  const missing = all.filter((one) => !reported.has(key(one.pid, one.threadId)) && !off.has(one.pid));
  return [...new Map(missing.map((one) => [key(one.pid, one.threadId), one])).values()];
}

function key(pid: ProcessReport["pid"], threadId: number): string {
  return `${pid} ${threadId}`;
}
