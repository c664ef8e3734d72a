import { existsSync } from "node:fs";
import type { EsmHooks } from "../../hooks/index.js";
import { packageFileOf } from "../../hooks/package-file.js";
import { matchesFile } from "../../patch/file-match.js";
import type { Found } from "../../patch/found.js";
import { installedVersion } from "../../patch/installed-version.js";
import type { EvaluatedFile, ProcessReport } from "../../process-report.js";
import type { Target } from "../../target.js";
import type { TargetEntry } from "../../targets/list.js";
import { type Agent, agentsAmong } from "./agents.js";
import { BundleSearch } from "./bundles.js";
import { type Client, type Copy, client, fitting, patchedClient } from "./client.js";
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
}

const EARLIER = "put --import flushguard/register before what loads it";

type Targets = ReadonlyMap<string, readonly TargetEntry[]>;

interface LoadedPackage extends Copy {
  /** Those of its files that were evaluated, by their paths inside it, as far as known. */
  files: EvaluatedFile[];
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
    known.files.push({ path: file, module: script.module });
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
  if ("unfit" in fit) return found?.patched.length ? patchedClient(copy, found, modeOf(mode)) : fit.unfit;
  return found === undefined ? unseen(copy, fit.targets) : seen(copy, found, fit.targets, modeOf(mode));
}

/** A copy of which the guard saw a file that it knows. Its ES modules have classes of their own, and may have been earlier. */
function seen(copy: LoadedPackage, found: Found, targets: readonly Target[], mode: Mode): Client {
  const told = (file: string) =>
    found.patched.includes(file) || found.reasons.some((reason) => reason.startsWith(`${file}: `));
  const missed = copy.files.filter(({ path, module }) => module && isNamed(path, targets) && !told(path));
  if (missed.length === 0) return patchedClient(copy, found, mode);
  const reasons = missed.map(({ path }) => `${path}: ${EARLIER}`);
  return client(copy, "loaded before the guard", [...found.reasons, ...reasons], found.patched);
}

function isNamed(path: string, targets: readonly Target[]): boolean {
  return targets.some(({ file }) => file !== undefined && matchesFile(file, path));
}

/** A copy that was loaded without the guard seeing any file that it knows. */
function unseen(copy: LoadedPackage, targets: readonly Target[]): Client {
  if (targets.some(({ file }) => copy.files.some(({ path }) => matchesFile(file, path)))) {
    return client(copy, "loaded before the guard", [EARLIER]);
  }
  if (copy.files.some(({ module }) => module)) {
    return client(copy, "out of reach", ["its ES modules cannot be patched: require it, or call guard()"]);
  }
  return client(copy, "not used", ["the part of it that would be guarded was not loaded"]);
}

/** What one thread reported, judged by the targets there are. */
export function judged(report: ProcessReport, targets: Targets): AppProcess {
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
      ...new BundleSearch(targets).inFiles([...own, ...maps]),
    ],
    agents: agentsAmong(loaded.map(({ module: name, version, path }) => ({ name, version, path }))),
  };
}
