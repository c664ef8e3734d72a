import { join, relative } from "node:path";
import type { EsmHooks } from "../../hooks/esm-hooks.js";
import type { Layout, Paint, Style } from "../paint.js";
import { type Cell, type Line, table, wrap } from "../table.js";
import type { Agent } from "./agents.js";
import { type Client, isAtWork, isLacking } from "./client.js";
import type { Diagnosis, RunDiagnosis } from "./diagnosis.js";
import type { Inheritance } from "./inheritance.js";
import type { AppProcess } from "./processes.js";
import type { StartPlace } from "./starts/start-place.js";
import type { Unreported } from "./unreported.js";
import { runVerdict, verdict } from "./verdict.js";

/** A sentence, or a command or URL, which is never broken. */
type Text = string | { copy: string };

/** A label and what is to be said of it, in lines of their own. */
type Entry = readonly [label: string, lines: readonly Text[], style?: Style | undefined];

const LABEL = 12;
const START = "node --import flushguard/register app.js";

const OBSERVED = "what would be lost is counted, and nothing is guarded";

const MODES: Record<AppProcess["mode"], string> = {
  on: "on",
  observe: `observe: ${OBSERVED}`,
  off: "off: nothing is hooked or guarded",
  "disabled at run time": "on, and disabled at run time by disable()",
};

const ESM: Record<EsmHooks, string> = {
  registerHooks: "hooked by module.registerHooks()",
  register: "hooked by module.register(), in a thread of Node's own",
  none: "not hooked: no client that is found from here has any",
};

function entries(list: readonly Entry[], { width, paint }: Layout): string[] {
  return list.flatMap(([label, texts, style]) =>
    texts
      .flatMap((text) => (typeof text === "string" ? wrap(text, width - LABEL) : [text.copy]))
      .map((line, index) => {
        const start = (index === 0 ? label : "").padEnd(LABEL);
        return start + (style === undefined ? line : paint(style, line));
      }),
  );
}

function node({ node: { version, supported, range } }: Diagnosis | RunDiagnosis): Entry {
  return supported ? ["Node", [version]] : ["Node", [`${version} is not supported, ${range} is`], "red"];
}

function metricsEntry({ metrics }: Diagnosis | RunDiagnosis): Entry[] {
  if (metrics === undefined) return [];
  const { directory, live, waiting, memory, badFiles } = metrics;
  const wrong = [
    ...(waiting > 0 ? [`${waiting} with metrics that wait for room on the disk`] : []),
    ...(memory > 0 ? [`${memory} with metrics in memory only, which are missing in the totals`] : []),
    ...(badFiles > 0 ? [`${badFiles} damaged files, which are left out`] : []),
  ];
  const all = `${directory}: ${live + waiting + memory} processes and threads alive`;
  return [["Metrics", [[all, ...wrong].join(", ")], wrong.length > 0 ? "red" : undefined] as const];
}

/** Where a client is installed whose metrics could be in a directory, and no directory is named. */
function unsharedEntry({ canShare, metrics, mode }: Diagnosis): Entry[] {
  if (canShare.length === 0 || metrics !== undefined || mode === "off") return [];
  const what = `${canShare.join(", ")}: each process has its own, in memory. One total for all of cluster, pm2 or threads:`;
  return [["Metrics", [what, { copy: `FLUSHGUARD_MULTIPROCESS_DIR=/run/app-metrics ${START}` }]]];
}

function configuration(problems: readonly string[]): Entry[] {
  return problems.length === 0 ? [] : [["Wrong", problems, "red"]];
}

const LOOKED_AT =
  "NODE_OPTIONS, package.json, .npmrc, and the files here for images, processes, containers, functions and platforms";

/** A place that starts Node, and what should be there instead. */
function placeLines(start: StartPlace): Text[] {
  const { place, preload, requires, instead, off, observes, leftOut, unseen, ends } = start;
  if (unseen === true && off === true) return [`${place} has FLUSHGUARD off for what it starts`];
  if (unseen === true && observes === true) return [`${place} has FLUSHGUARD=observe for what it starts: ${OBSERVED}`];
  if (unseen === true && leftOut !== undefined)
    return [`${place} has FLUSHGUARD_TARGETS for what it starts, which leaves out ${leftOut.join(", ")}`];
  if (unseen === true)
    return [
      `${place} cannot be told: it starts another runtime or a package elsewhere, is in a form that is not read, or has variables that are set elsewhere`,
    ];
  if (ends === true && preload === undefined) {
    return [`${place} starts Node without it, which is taken to have ended before the app starts`];
  }
  const refused = requires === undefined ? "" : `, and under any --import Node refuses what ${requires} is for`;
  const switched = off === undefined ? "" : ", and FLUSHGUARD is off there";
  const observing = observes === undefined ? "" : `, and FLUSHGUARD=observe: ${OBSERVED}`;
  const leaving = leftOut === undefined ? "" : `, and FLUSHGUARD_TARGETS leaves out ${leftOut.join(", ")} there`;
  if (instead === undefined)
    return [
      preload === undefined
        ? `${place} starts Node without it`
        : `${place} has ${preload}${switched}${observing}${leaving}`,
    ];
  const is = preload === undefined ? "starts Node without it" : `has ${preload} by --import`;
  const copies = instead.split("\n").map((copy) => ({ copy }));
  return [`${place} ${is}${refused}. Instead:`, ...copies];
}

/** Where the preload was found: what is guarded is decided there. */
function preloadEntry({ preload: { nodeOptions }, starts }: Diagnosis): Entry {
  const inOptions = nodeOptions === undefined ? [] : [`NODE_OPTIONS has ${nodeOptions}`];
  const found = starts.filter(({ preload }) => preload !== undefined);
  const places = [...found, ...starts.filter((one) => !found.includes(one))];
  const all = [...inOptions, ...places.flatMap(placeLines)];
  if (nodeOptions !== undefined || found.length > 0) return ["Preload", all];
  const isSaid = places.some(({ instead }) => instead !== undefined);
  return ["Preload", [`none found in ${LOOKED_AT}`, ...all, ...(isSaid ? [] : [{ copy: START }])]];
}

function children({ resolves, nodeOptions, anywhere, inStrings, options }: Inheritance): Text[] {
  const quote = options.includes('"') ? "'" : '"';
  const everywhere = { copy: `NODE_OPTIONS=${quote}${options}${quote}` };
  const strings = inStrings
    ? []
    : ["a worker made from a string (eval: true) needs --require flushguard/register instead of --import"];
  if (anywhere) return ["every Node process inherits the preload from NODE_OPTIONS", ...strings];
  if (nodeOptions !== undefined) {
    return [
      `NODE_OPTIONS has ${nodeOptions}, which is found from the working directory: a process with another one fails to start. From everywhere:`,
      everywhere,
      ...strings,
    ];
  }
  return [
    ...(resolves ? [] : ["flushguard/register is not found from here: install flushguard, or give the URL below"]),
    ...strings,
    "workers, fork() and cluster inherit --import; other Node processes, and children with another working directory, need",
    everywhere,
  ];
}

function mark(one: Client): Cell {
  if (isLacking(one)) return { text: "✗", style: "red" };
  return isAtWork(one) ? { text: "✓", style: "green" } : { text: "-" };
}

function clientLines(clients: readonly Client[], directory: string): Line[] {
  return clients.flatMap((one): Line[] => {
    const { module, version, state, path, reasons } = one;
    const style: Style = isLacking(one) ? "red" : "dim";
    const name = version === "unknown" ? module : `${module} ${version}`;
    const where = path === join(directory, "node_modules", module) ? [] : [shortest(path, directory)];
    return [
      [mark(one), { text: name }, { text: state }],
      ...where.map((text): Line => ({ note: { text, style: "dim" } })),
      ...reasons.map((text): Line => ({ note: { text, style } })),
    ];
  });
}

function shortest(path: string, directory: string): string {
  const within = relative(directory, path);
  return within.startsWith("..") ? path : within;
}

function clientTable(clients: readonly Client[], directory: string, { width, paint }: Layout): string[] {
  if (clients.length === 0) return [];
  return table(clientLines(clients, directory), { width, elastic: 1, right: [], paint });
}

function agentLines(agents: readonly Agent[]): string[] {
  const lines = agents.map(({ name, version, testedWith }) => {
    if (testedWith === version) return `${name} ${version}: tested beside the guard, both work`;
    return `${name} ${version}: not tested beside the guard${testedWith === undefined ? "" : `, unlike ${testedWith}`}`;
  });
  return [...new Set(lines)];
}

function agentEntry(agents: readonly Agent[]): Entry[] {
  return agents.length === 0 ? [] : [["Agents", agentLines(agents)]];
}

function blocks(all: readonly (readonly string[])[]): string {
  const filled = all.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join("\n")).join("\n\n")}\n`;
}

/** What is so of an app that was not started. */
export function printable(diagnosis: Diagnosis, layout: Layout): string {
  const { directory, mode, esm, clients, unsearched, agents, preload, problems } = diagnosis;
  const started: Entry =
    esm === undefined
      ? ["Wrong", ["the preload does not start:", { copy: `node ${preload.options} -e 0` }], "red"]
      : ["ES modules", [ESM[esm]]];
  const head: Entry[] = [
    ["Directory", [directory]],
    node(diagnosis),
    ["Mode", [MODES[mode]]],
    ...(mode === "off" ? [] : [started]),
    ...configuration(problems),
    ...metricsEntry(diagnosis),
    ...unsharedEntry(diagnosis),
    ...agentEntry(agents),
    ...(unsearched.length === 0 ? [] : [["Bundles", ["not searched for clients:", ...unsearched], "red"] as const]),
    preloadEntry(diagnosis),
    ["Children", children(preload)],
  ];
  return blocks([entries(head, layout), clientTable(clients, directory, layout), verdict(diagnosis, layout.paint)]);
}

function ending({ app: { exitCode, signal } }: RunDiagnosis): string {
  return signal === undefined ? `ended with exit code ${exitCode}` : `ended by ${signal}`;
}

function threadTitle({ pid, threadId, command }: Pick<Unreported, "pid" | "threadId" | "command">): string {
  const thread = threadId === 0 ? "" : `, worker ${threadId}`;
  return `${pid}${thread}: node ${command.join(" ")}`;
}

function processBlock(one: AppProcess, directory: string, layout: Layout): string[] {
  const { mode, esm, ended, clients, agents, metrics } = one;
  if (clients.length === 0 && metrics === undefined && mode !== "disabled at run time")
    return [
      `${threadTitle(one)}: no client was loaded${ended ? "" : " by its last report: it did not come to its end"}`,
    ];
  const list: Entry[] = [
    ["Mode", [MODES[mode]]],
    ["ES modules", [ESM[esm]]],
    ...agentEntry(agents),
    ...(metrics === undefined
      ? []
      : [
          [
            "prom-client",
            [`its metrics are ${metrics === "shared" ? "in the directory that all share" : metrics}`],
          ] as Entry,
        ]),
    ...(ended
      ? []
      : [["Note", ["it did not come to its end: what it had loaded before the guard is not known"]] as Entry]),
  ];
  return [threadTitle(one), ...entries(list, layout), ...clientTable(clients, directory, layout)];
}

function withoutPreload({ withoutPreload: all, mode }: RunDiagnosis, paint: Paint): string[] {
  if (mode === "off") return [];
  return all.map(({ command: [, ...args], ...one }) =>
    paint("red", `${threadTitle({ ...one, command: args })}: the preload is not there, or was switched off`),
  );
}

/** What was so of an app that was started, once it has ended. */
export function printableRun(diagnosis: RunDiagnosis, layout: Layout): string {
  const { directory, mode, processes, app, problems } = diagnosis;
  const head: Entry[] = [
    ["App", [`${app.command.join(" ")}: ${ending(diagnosis)}`]],
    node(diagnosis),
    ["Mode", [MODES[mode]]],
    ...configuration(problems),
    ...metricsEntry(diagnosis),
  ];
  return blocks([
    entries(head, layout),
    ...processes.map((one) => processBlock(one, directory, layout)),
    withoutPreload(diagnosis, layout.paint),
    runVerdict(diagnosis, layout.paint),
  ]);
}
