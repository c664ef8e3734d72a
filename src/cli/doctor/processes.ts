import { existsSync } from "node:fs";
import type { EsmHooks } from "../../hooks/esm-hooks.js";
import { matchesFile } from "../../packages/file-match.js";
import { installedVersion } from "../../packages/installed-version.js";
import { packageFileOf } from "../../packages/package-file.js";
import { SHARED_CLIENTS } from "../../packages/shared-clients.js";
import type { Found } from "../../patch/found.js";
import type { EvaluatedFile, ProcessReport } from "../../process-report.js";
import type { Target } from "../../target.js";
import type { TargetEntry } from "../../targets/list.js";
import { type Agent, agentsAmong } from "./agents.js";
import { BundleSearch } from "./bundles.js";
import { type Client, type Copy, client, fitting, patchedClient, type State } from "./client.js";
import { type Mode, modeOf } from "./mode.js";

/** One thread of a process of an app, at its end. */
export interface AppProcess {
  pid: number;
  /** 0 for the main thread. */
  threadId: number;
  /** Arguments of Node. */
  command: string[];
  cwd: string;
  node: string;
  mode: Mode | "disabled at run time";
  esm: EsmHooks;
  /** Whether it came to its end. Otherwise what it had loaded before the guard is not known. */
  ended: boolean;
  problems: readonly string[];
  clients: Client[];
  agents: Agent[];
  /** Of one that has loaded prom-client: whether its metrics are in the directory of several processes. */
  metrics?: "shared" | "in memory only";
}

const EARLIER = "put --import flushguard/register before what loads it";
const FAR_AWAY =
  "ES modules are not hooked, as no client is found from the working directory or the main script: start it in the app's folder";
const PASSED_BY =
  "another loader reads it, past the hooks of the guard: call guard(), or leave it to Node's own loader";
const THREW = `it threw as it was loaded, or ${PASSED_BY}`;

/** Why a file that the guard knows was evaluated unseen. */
function cause({ earlier, module, cached }: EvaluatedFile, esm: EsmHooks): { state: State; reason: string } {
  if (earlier) return { state: "loaded before the guard", reason: EARLIER };
  if (module && esm === "none") return { state: "out of reach", reason: FAR_AWAY };
  return { state: "out of reach", reason: module || cached ? PASSED_BY : THREW };
}

type Targets = ReadonlyMap<string, readonly TargetEntry[]>;

interface LoadedPackage extends Copy {
  /** Those of its files that were evaluated, by their paths inside it, as far as known. */
  files: EvaluatedFile[];
}

function atWork(mode: Mode): State {
  return mode === "observe" ? "observed" : "guarded";
}

/** The packages that were loaded, by their folders. */
function loadedPackages({ status, scripts = [] }: ProcessReport): LoadedPackage[] {
  const loaded = new Map<string, LoadedPackage>();
  for (const { found } of status.targets) {
    for (const { module, version, path } of found) loaded.set(path, { module, version, path, files: [] });
  }
  for (const script of scripts) {
    const at = packageFileOf(script.path);
    if (at === undefined) continue;
    const { name: module, basedir: path, file } = at;
    const known = loaded.get(path) ?? { module, version: installedVersion(path), path, files: [] };
    known.files.push({ ...script, path: file });
    loaded.set(path, known);
  }
  return [...loaded.values()];
}

function judge(copy: LoadedPackage, entries: readonly TargetEntry[], { status, mode }: ProcessReport): Client {
  if (!status.enabled) return client(copy, "disabled", ["disable() was called"]);
  const guarded = status.targets.find(({ module }) => module === copy.module);
  if (guarded === undefined) return client(copy, "disabled", ["FLUSHGUARD_TARGETS leaves it out"]);
  const fit = fitting(copy, entries);
  const found = guarded.found.find(({ path }) => path === copy.path);
  if ("unfit" in fit) return found?.patched.length ? patchedClient(copy, found, atWork(modeOf(mode))) : fit.unfit;
  return found === undefined
    ? unseen(copy, fit.targets, status.esm)
    : seen(copy, found, fit.targets, modeOf(mode), status.esm);
}

/** A copy of which the guard saw a file that it knows. Its ES modules have classes of their own, and may have been earlier. */
function seen(copy: LoadedPackage, found: Found, targets: readonly Target[], mode: Mode, esm: EsmHooks): Client {
  const told = (file: string) =>
    found.patched.includes(file) || found.reasons.some((reason) => reason.startsWith(`${file}: `));
  const missed = copy.files.filter(({ path, module }) => module && isNamed(path, targets) && !told(path));
  const [first] = missed;
  const isRefused = ({ path, module }: EvaluatedFile): boolean =>
    module && found.reasons.some((reason) => reason.startsWith(`${path}: `));
  if (copy.files.some(isRefused)) return client(copy, "out of reach", found.reasons, found.patched);
  if (first === undefined) return patchedClient(copy, found, atWork(mode));
  const reasons = missed.map((file) => `${file.path}: ${cause(file, esm).reason}`);
  return client(copy, cause(first, esm).state, [...found.reasons, ...reasons], found.patched);
}

function isNamed(path: string, targets: readonly Target[]): boolean {
  return targets.some(({ file }) => file !== undefined && matchesFile(file, path));
}

/** A copy that was loaded without the guard seeing any file that it knows. */
function unseen(copy: LoadedPackage, targets: readonly Target[], esm: EsmHooks): Client {
  const missed = copy.files.find(({ path }) => targets.some(({ file }) => matchesFile(file, path)));
  if (missed !== undefined) {
    const { state, reason } = cause(missed, esm);
    return client(copy, state, [reason]);
  }
  if (copy.files.some(({ module }) => module)) {
    return client(copy, "out of reach", ["its ES modules cannot be patched: require it, or call guard()"]);
  }
  return client(copy, "not used", ["the part of it that would be guarded was not loaded"]);
}

/**
 * What one thread reported, judged by the targets there are.
 * @param bundles finds clients in its own scripts
 */
export function judged(report: ProcessReport, targets: Targets, bundles = new BundleSearch(targets)): AppProcess {
  const { pid, threadId, command, cwd, node, problems, status, scripts = [] } = report;
  const loaded = loadedPackages(report);
  const own = scripts.map(({ path }) => path).filter((path) => packageFileOf(path) === undefined);
  const maps = own.map((script) => `${script}.map`).filter((map) => existsSync(map));
  return {
    pid,
    threadId,
    command,
    cwd,
    node,
    mode: status.enabled ? modeOf(report.mode) : "disabled at run time",
    esm: status.esm,
    ended: report.scripts !== undefined,
    problems,
    clients: [
      ...loaded.flatMap((copy) => {
        const entries = targets.get(copy.module);
        return entries === undefined ? [] : [judge(copy, entries, report)];
      }),
      ...bundles.inFiles([...own, ...maps]),
    ],
    ...(loaded.some(({ module }) => SHARED_CLIENTS.includes(module)) && {
      metrics: report.metricsDirectory === undefined ? ("in memory only" as const) : ("shared" as const),
    }),
    agents: agentsAmong(loaded.map(({ module: name, version, path }) => ({ name, version, path }))),
  };
}
