import type { ProcessReport } from "../../process-report.js";
import type { AppRun } from "./app.js";

/** A process of Node's, or a thread of one, that was started and in which no preload has reported. */
export interface Unreported {
  pid: number;
  /** 0 for the main thread. */
  threadId: number;
  /** With the path of Node. */
  command: readonly string[];
}

/** Whether a program is Node, by its path on any platform. */
export function isNode(file: string): boolean {
  return file === process.execPath || /(?:^|[\\/])node(?:\.exe)?$/i.test(file);
}

/**
 * Which of what is known to have been started has not reported: by the app's own threads that have, and by the command
 * where that is Node. What another program starts is not known.
 */
export function unreported(
  command: readonly string[],
  { pid, reports }: Pick<AppRun, "pid" | "reports">,
): Unreported[] {
  const reported = new Set(reports.map((one) => key(one.pid, one.threadId)));
  const first = isNode(command[0] ?? "") ? [{ pid, threadId: 0, command }] : [];
  const started = reports.flatMap((one) => [
    ...one.started.processes.map((child) => ({ ...child, threadId: 0 })),
    ...one.started.threads.map((threadId) => ({ pid: one.pid, threadId, command: ["node", ...one.command] })),
  ]);
  return [...first, ...started].filter((one) => !reported.has(key(one.pid, one.threadId)));
}

function key(pid: ProcessReport["pid"], threadId: number): string {
  return `${pid} ${threadId}`;
}
