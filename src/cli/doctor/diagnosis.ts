import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { satisfies } from "semver";
import { allTargets, isChosen } from "../../chosen-targets.js";
import { settingsIn } from "../../config/env.js";
import { type Config, loadConfig, unknownTargets } from "../../config/index.js";
import type { EsmHooks } from "../../hooks/esm-hooks.js";
import { collect } from "../../multiprocess/collect.js";
import { absentClients, absentPackages, unknownLikes } from "../../own-targets.js";
import { aliasesFrom } from "../../packages/aliases.js";
import { type InstalledPackage, installedPackages, plugAndPlay } from "../../packages/installed-packages.js";
import { SHARED_CLIENTS } from "../../packages/shared-clients.js";
import { targets as builtIn, type TargetEntry } from "../../targets/list.js";
import { pooled } from "../pooled.js";
import { type Agent, agentsAmong } from "./agents.js";
import { runApp } from "./app.js";
import { BundleSearch } from "./bundles.js";
import { type Client, type Copy, client, fitting, isAtWork, isLacking } from "./client.js";
import { type Inheritance, inheritance } from "./inheritance.js";
import { type Mode, modeOf } from "./mode.js";
import { otherNames } from "./other-names.js";
import { type AppProcess, judged } from "./processes.js";
import { type LeftOut, startsIn } from "./starts/app-starts.js";
import type { StartPlace } from "./starts/start-place.js";
import { esmHooksIn, tryCopy } from "./try-copy.js";
import { type Unreported, unreported } from "./unreported.js";

/** What `doctor` found out. Fields may be added; those that are here keep their meaning as long as `format` is the same. */
interface Facts {
  format: 1;
  /** Whether nothing is unguarded that should be guarded, and nothing is wrong with Node's version or the configuration. */
  ok: boolean;
  /** Version of this package. */
  flushguard: string;
  /** Absolute. */
  directory: string;
  mode: Mode;
  node: { version: string /** Semver range of the supported versions. */; range: string; supported: boolean };
  /** One line for each thing that is wrong with the configuration. */
  problems: string[];
  /** Of the directory of several processes, where there is one. */
  metrics?: Metrics;
}

/** How the metrics of several processes stand. */
interface Metrics {
  directory: string;
  /** Processes and threads that are alive: with all in their files, with some that waits for room, with nothing in the totals. */
  live: number;
  waiting: number;
  memory: number;
  badFiles: number;
}

/** Of an app that was not started. */
export interface Diagnosis extends Facts {
  /** How ES modules would be hooked. Absent where the preload does not start, or is switched off. */
  esm?: EsmHooks;
  /** Packages come from Yarn's Plug'n'Play: no client can be looked for. */
  plugAndPlay: boolean;
  clients: Client[];
  /** What of the scripts was not searched for clients in bundles, and why. */
  unsearched: string[];
  agents: Agent[];
  preload: Inheritance;
  /** Where the files of the directory start Node, with the preload or without. */
  starts: StartPlace[];
  /** Whether all that starts the app has the preload, as far as can be seen. */
  preloaded: boolean;
  /** Clients that are installed whose metrics several processes can share, as `prom-client 15.1.3`. */
  canShare: string[];
}

/** Of an app that was. */
export interface RunDiagnosis extends Facts {
  app: { command: readonly string[]; exitCode?: number; signal?: NodeJS.Signals };
  /** Whether the preload was added to the command. */
  preloadAdded: boolean;
  processes: AppProcess[];
  /** What was started of Node's and has not loaded the preload. */
  withoutPreload: Unreported[];
  /** Whether also what other programs than Node started was seen. */
  othersSeen: boolean;
}

interface Setting {
  packages: InstalledPackage[];
  facts: Omit<Facts, "ok">;
  config: Config;
  targets: Map<string, TargetEntry[]>;
}

function setting(directory: string): Setting {
  const { FLUSHGUARD: value, ...env } = process.env;
  const mode = modeOf(value);
  // What is wrong shows also while it is switched off.
  const config = loadConfig(mode === "on" ? process.env : env, directory, directory);
  const manifest = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")) as {
    version: string;
    engines: { node: string };
  };
  const { version } = process;
  const range = manifest.engines.node;
  const names = builtIn.map(({ module }) => module);
  const packages = installedPackages(directory);
  // Plug'n'Play has no folders to look into.
  const installed = new Set(plugAndPlay(directory) ? [] : packages.map(({ name, alias = name }) => alias));
  const isInstalled = (module: string): boolean => installed.has(module);
  const targets = allTargets(config);
  const absent =
    installed.size === 0
      ? []
      : [...absentPackages(config, isInstalled), ...absentClients(config, isInstalled, targets)];
  return {
    packages,
    facts: {
      format: 1,
      flushguard: manifest.version,
      directory,
      mode,
      node: { version, range, supported: satisfies(version, range, { includePrerelease: true }) },
      // One of the other names may be among the problems of the configuration.
      problems: [
        ...new Set([
          ...config.problems,
          ...unknownTargets(config, names),
          ...unknownLikes(config.userTargets),
          ...absent,
          ...otherNames(directory, config.userTargets.length > 0),
        ]),
      ],
    },
    config,
    targets,
  };
}

/** What is so of a copy, or undefined where only trying it can tell. */
function beforehand({ alias, ...copy }: InstalledPackage, { facts, config }: Setting): Client | undefined {
  const found = { ...copy, module: copy.name };
  if (facts.mode === "off") return client(found, "disabled", ["FLUSHGUARD is off"]);
  if (!isChosen(config, copy.name)) return client(found, "disabled", ["FLUSHGUARD_TARGETS leaves it out"]);
  if (alias !== undefined && aliasesFrom(facts.directory).get(alias) !== copy.name)
    return client(found, "out of reach", [`it is installed under the name ${alias}`]);
  return undefined;
}

async function clientsAmong(
  packages: readonly InstalledPackage[],
  place: Setting,
  onTrial: (line: string) => void,
  trialsMs: number,
): Promise<Client[]> {
  const { targets, facts } = place;
  const copies = packages.filter(({ name }) => targets.has(name));
  const clients: Client[] = [];
  const start = performance.now();
  const tooLate = (copy: Copy) =>
    performance.now() - start < trialsMs
      ? undefined
      : client(copy, "not tried", [
          `the ${copies.length} copies here took more than ${trialsMs / 1000} seconds to try`,
        ]);
  const jobs = copies.map((installed, index) => async () => {
    const copy = { module: installed.name, version: installed.version, path: installed.path };
    const fit = fitting(copy, targets.get(installed.name) ?? []);
    onTrial(`${index}/${copies.length}  ${copy.module} ${copy.version}`);
    const options = { cwd: facts.directory, env: process.env };
    clients[index] =
      beforehand(installed, place) ??
      ("unfit" in fit
        ? fit.unfit
        : (tooLate(copy) ?? (await tryCopy(copy, installed.alias ?? copy.module, fit.targets, options))));
  });
  await pooled(jobs, Math.max(2, Math.min(availableParallelism(), 8)));
  return clients.sort(byModule);
}

/** Of these clients, which a value of FLUSHGUARD_TARGETS leaves out. */
function leftOutOf(clients: readonly Client[]): LeftOut {
  const guarded = new Set(clients.filter(isAtWork).map(({ module }) => module));
  return (choice) => {
    const { targets } = settingsIn({ FLUSHGUARD_TARGETS: choice }, undefined, []);
    return [...guarded].filter((module) => !isChosen({ targets }, module));
  };
}

/** Reads the directory as `flushguard serve` does. */
async function metricsOf({ multiprocess }: Config): Promise<Pick<Facts, "metrics">> {
  if (multiprocess === undefined) return {};
  const { directory } = multiprocess;
  const { health } = await collect(directory, () => false);
  const { live, waiting, memory, badFiles } = health;
  return { metrics: { directory, live, waiting, memory, badFiles } };
}

function copiesAmong(packages: readonly InstalledPackage[], targets: Setting["targets"]): Copy[] {
  return packages
    .filter(({ name }) => targets.has(name))
    .map(({ name, version, path }) => ({ module: name, version, path }));
}

function byModule(one: Client, other: Client): number {
  if (one.module === other.module) return one.path < other.path ? -1 : 1;
  return one.module < other.module ? -1 : 1;
}

/** Milliseconds after which no further copy is tried, and no further script is searched. */
const LIMITS = { trialsMs: 300_000, searchMs: 60_000 };

/**
 * Looks at an app without starting it; each copy of a client is loaded, in a process of its own.
 * @param requirePreload whether it is not well where no preload is found
 * @param onTrial told of each as it begins
 */
export async function diagnose(
  directory: string,
  requirePreload: boolean,
  onTrial: (line: string) => void,
  limits = LIMITS,
): Promise<Diagnosis> {
  const place = setting(directory);
  const { facts, packages } = place;
  const esm = facts.mode === "off" ? undefined : await esmHooksIn({ cwd: directory, env: process.env });
  const tried = await clientsAmong(packages, place, onTrial, limits.trialsMs);
  const bundles = new BundleSearch(place.targets, copiesAmong(packages, place.targets));
  const { clients: bundled, unsearched } = bundles.inDirectory(directory, limits.searchMs);
  const clients = [...tried, ...bundled];
  const comesUp = esm !== undefined || facts.mode === "off";
  const preload = inheritance(directory, process.env.NODE_OPTIONS);
  const { places: starts, preloaded } = startsIn(directory, preload.nodeOptions, leftOutOf(clients));
  const missing = requirePreload && !preloaded;
  return {
    ...facts,
    ok:
      facts.node.supported &&
      facts.problems.length === 0 &&
      comesUp &&
      !missing &&
      !clients.some(isLacking) &&
      unsearched.length === 0,
    ...(esm === undefined ? {} : { esm }),
    plugAndPlay: plugAndPlay(directory),
    clients,
    unsearched,
    agents: agentsAmong(packages),
    preload,
    starts,
    preloaded,
    canShare: [
      ...new Set(
        packages.filter(({ name }) => SHARED_CLIENTS.includes(name)).map(({ name, version }) => `${name} ${version}`),
      ),
    ],
    ...(await metricsOf(place.config)),
  };
}

/**
 * Starts an app, waits for its end, and tells what was guarded in it.
 * @param addPreload whether to start it with the preload added; otherwise as the command is given
 */
export async function diagnoseRun(command: readonly string[], addPreload: boolean): Promise<RunDiagnosis> {
  const { facts, targets, packages, config } = setting(process.cwd());
  const { reports, pid, processes: seen, areShown, ...ending } = await runApp(command, addPreload);
  const bundles = new BundleSearch(targets, copiesAmong(packages, targets));
  const processes = reports.map((report) => judged(report, targets, bundles));
  const problems = [...new Set([...facts.problems, ...processes.flatMap((one) => one.problems)])];
  const withoutPreload = unreported(command, { pid, reports, processes: seen });
  const alone = config.multiprocess !== undefined && processes.some(({ metrics }) => metrics === "in memory only");
  const lacking = withoutPreload.length > 0 || alone || processes.some(({ clients }) => clients.some(isLacking));
  const guarded = processes.length > 0 && !lacking;
  return {
    ...facts,
    ok: facts.node.supported && problems.length === 0 && (guarded || facts.mode === "off"),
    problems,
    app: { command, ...ending },
    preloadAdded: addPreload,
    processes,
    withoutPreload,
    othersSeen: areShown,
    ...(await metricsOf(config)),
  };
}
