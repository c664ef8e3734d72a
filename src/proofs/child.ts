import { reasonOf } from "../reason-of.js";
import { targets } from "../targets/list.js";
import { proofOf } from "./list.js";
import type { LoadClient, Outcome } from "./proof.js";
import type { Recorder } from "./trace/recorder.js";
import type { Trace } from "./trace/trace.js";

/** Begins the line of the result, so that what a client prints is not taken for it. */
export const MARK = "\u001eflushguard-result:";

/** What became of one run of a scenario: what it counted, or why it counted nothing. */
export type Result =
  | { outcome: Outcome; trace?: Trace; error?: undefined }
  | { outcome?: undefined; trace?: undefined; error: string };

async function attempt(module: string, url: string | undefined, name: string, load: LoadClient): Promise<Result> {
  try {
    const proof = await proofOf(module, url).load();
    const scenario = proof.scenarios.find((candidate) => candidate.name === name);
    if (scenario === undefined) return { error: `${module} has no scenario ${JSON.stringify(name)}` };
    return { outcome: await scenario.run(load) };
  } catch (error) {
    const place = url === undefined ? undefined : placeIn(url, module, error);
    return { error: place === undefined ? withName(error) : `${withName(error)} (${place})` };
  }
}

/**
 * Where something was thrown by a file of the user's; of a syntax error only Node itself tells.
 * @param name what the file is called in tables
 */
function placeIn(url: string, name: string, thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || typeof thrown.stack !== "string") return undefined;
  const line = thrown.stack.split(`${url}:`)[1]?.match(/^\d+/)?.[0];
  if (line !== undefined) return `${name}:${line}`;
  return thrown instanceof SyntaxError ? `node --check ${name} tells where` : undefined;
}

/** What was thrown, an error with its name where it tells one. */
function withName(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return reasonOf(thrown);
  }
}

async function startTrace(module: string): Promise<Recorder> {
  const [{ startRecorder }, { MethodWatch }] = await Promise.all([
    import("./trace/recorder.js"),
    import("./trace/methods.js"),
  ]);
  const recorder = startRecorder();
  const target = targets.find((entry) => entry.module === module);
  if (target !== undefined) MethodWatch.start(target, recorder);
  return recorder;
}

async function traced(module: string, url: string | undefined, name: string, load: LoadClient): Promise<Result> {
  const recorder = await startTrace(module);
  const result = await attempt(module, url, name, load);
  if (result.outcome === undefined) return result;
  const { traceOf } = await import("./trace/trace.js");
  return { ...result, trace: traceOf(recorder, result.outcome) };
}

/**
 * Runs a scenario in this process, prints its result and ends the process: clients keep sockets and timers open.
 * @param trace whether to note what happens, and when
 */
export async function runAndExit(
  module: string,
  url: string | undefined,
  name: string,
  load: LoadClient,
  trace = false,
): Promise<void> {
  const result = await (trace ? traced : attempt)(module, url, name, load);
  // Behind what the client printed; a synchronous write would fail while the pipe is full of that.
  process.stdout.write(`\n${MARK}${JSON.stringify(result)}\n`, () => process.exit(0));
}
