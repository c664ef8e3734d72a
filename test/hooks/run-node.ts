import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What the preload wrote down in one thread of one process. */
export interface ThreadRecord {
  esm: string;
  loads: { file: string; basedir: string; format: string }[];
  errors: { message: string; where: string }[];
  /** Classes that were marked, each once. */
  marks: number;
  /** By file and name, whether `replace` said that importers will see the new value. */
  replaced: Record<string, boolean>;
  /** What the app said of what it got. */
  results: Record<string, unknown>;
  main: string | undefined;
}

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
  /** Of every thread that ended in the ordinary way, in no order. */
  records: ThreadRecord[];
  /** Every thread the preload ran in. */
  threads: { pid: number; threadId: number; isMainThread: boolean; hooked: boolean }[];
}

export const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const PRELOAD = fileURLToPath(new URL("./preload.mjs", import.meta.url));
export const PRELOAD_CJS = fileURLToPath(new URL("./preload.cjs", import.meta.url));
export const PRELOAD_URL = pathToFileURL(PRELOAD).href;

const waiting: (() => void)[] = [];
let running = 0;

/** Runs a Node, in the folder of the fixtures by default, two at a time. */
export async function runNode(
  binary: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = FIXTURES,
): Promise<Run> {
  if (running >= 2) await new Promise<void>((go) => waiting.push(go));
  running++;
  const out = await mkdtemp(join(tmpdir(), "flushguard-hooks-"));
  try {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const ended = await new Promise<Pick<Run, "code" | "stdout" | "stderr">>((resolve) => {
      const options = { cwd, env: { ...inherited, HOOKS_OUT: out, ...env }, timeout: 20_000 };
      execFile(binary, args, options, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
      });
    });
    const files = await readdir(out);
    const read = (file: string) => readFile(join(out, file), "utf8");
    const records = files.filter((file) => file.endsWith(".json")).map(async (file) => JSON.parse(await read(file)));
    const threads = files.includes("threads.jsonl") ? (await read("threads.jsonl")).trim().split("\n") : [];
    return { ...ended, records: await Promise.all(records), threads: threads.map((line) => JSON.parse(line)) };
  } finally {
    await rm(out, { recursive: true });
    running--;
    waiting.shift()?.();
  }
}

/**
 * Runs an app of the fixtures under the preload and expects it to end well.
 * @param before Node arguments before the preload's
 */
export async function runApp(
  binary: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  before: readonly string[] = [],
): Promise<ThreadRecord> {
  const run = await runNode(binary, [...before, "--import", PRELOAD_URL, ...args], env);
  const [record] = run.records;
  if (run.code !== 0 || !record) throw new Error(`exit code ${run.code}\n${run.stdout}${run.stderr}`);
  return record;
}

/** The reported files, each once, in the order of their first report. */
export function filesOf(record: ThreadRecord): string[] {
  return [...new Set(record.loads.map((load) => load.file))];
}
