import type { Paint } from "../paint.js";
import { shellWord } from "../shell-word.js";
import { type Client, isAtWork, isLacking } from "./client.js";
import type { Diagnosis, RunDiagnosis } from "./diagnosis.js";

/** `3 of 3, 1 switched off, and 2 more that need no guard`: of those that should be guarded. */
function countOf(clients: readonly Client[]): string {
  const working = clients.filter(isAtWork).length;
  const lacking = clients.filter(isLacking).length;
  const disabled = clients.filter(({ state }) => state === "disabled").length;
  const others = clients.length - working - lacking - disabled;
  const off = disabled === 0 ? "" : `, ${disabled} switched off`;
  return `${working} of ${working + lacking}${off}${others === 0 ? "" : `, and ${others} more that need no guard`}`;
}

function lackingLine(clients: readonly Client[], what: string): string | undefined {
  const lacking = clients.filter(isLacking).length;
  const all = clients.filter((one) => isLacking(one) || isAtWork(one)).length;
  return lacking === 0 ? undefined : `${what}: ${lacking} of ${all}.`;
}

const SEE = "npx flushguard doctor -- COMMAND";

/** What can be said of an app that is not running, and what is to be done next. */
export function verdict(diagnosis: Diagnosis, paint: Paint): string[] {
  const { clients, ok, mode } = diagnosis;
  if (clients.length === 0) return nothingHere(diagnosis);
  const lacking = lackingLine(clients, "Cannot be guarded, and should be");
  if (lacking !== undefined) return [paint("red", lacking)];
  if (mode === "off") return ["Nothing is guarded: FLUSHGUARD is off."];
  const can = `Can be guarded: ${countOf(clients)}`;
  const last = "To see what is guarded in a run:";
  if (!diagnosis.preloaded) {
    const unguarded = `${can}. ${unstarted(diagnosis)} ${last}`;
    return [ok ? unguarded : paint("red", unguarded), SEE];
  }
  return [paint(ok ? "green" : "red", `${can}${ok ? "" : ", but see above"}. ${last}`), SEE];
}

function unstarted({ starts }: Diagnosis): string {
  if (starts.every(({ preload }) => preload === undefined)) {
    return "Nothing here starts it with the preload, so nothing is guarded unless that is done elsewhere.";
  }
  return "Not all that starts it has the preload, or has it on: what stands above without it is unguarded.";
}

function nothingHere({ plugAndPlay, directory, canShare }: Diagnosis): string[] {
  if (plugAndPlay) {
    return ["Packages come from Yarn's Plug'n'Play. To see what is guarded in a run:", SEE.replace("npx", "yarn")];
  }
  return [
    `No client that ${canShare.length > 0 ? "loses what is recorded during a flush" : "flushguard knows"} is installed in ${directory}. What may help all the same:`,
    "npx flushguard scan      reads all that is installed for methods that lose what is recorded",
    "flushguard.config.json   takes targets of your own: docs/targets.md",
    "npx flushguard serve     adds up prom-client's metrics of several processes: docs/multiprocess.md",
  ];
}

/** What can be said of the run, and what is to be done next. */
export function runVerdict(
  { mode, processes, ok, preloadAdded, app, withoutPreload, othersSeen }: RunDiagnosis,
  paint: Paint,
): string[] {
  const clients = processes.flatMap((one) => one.clients);
  if (mode === "off") return ["Nothing is guarded: FLUSHGUARD is off."];
  if (processes.length === 0) {
    const none = paint("red", "No process had the preload and lived to tell: nothing was guarded.");
    if (preloadAdded) return [none];
    return [
      `${none} To see what would be with it:`,
      `npx flushguard doctor --with-preload -- ${app.command.map((one) => shellWord(one)).join(" ")}`,
    ];
  }
  const lacking = lackingLine(clients, "Not guarded, and should be");
  const missing =
    withoutPreload.length === 0 ? [] : [`Processes and threads without the preload: ${withoutPreload.length}.`];
  if (lacking !== undefined || missing.length > 0) return [paint("red", [lacking ?? [], missing].flat().join(" "))];
  if (clients.length === 0) {
    const all = processes.every(({ ended }) => ended);
    return [`No client that flushguard knows was loaded${all ? "" : " by the last report of what was killed"}.`];
  }
  const what = clients.some(({ state }) => state === "observed") ? "Observed" : "Guarded";
  const added = preloadAdded ? ", with the preload that doctor added: the command is without it" : "";
  const unseen =
    preloadAdded || othersSeen ? "" : " What other programs than Node start without the preload is not seen.";
  return [paint(ok ? "green" : "red", `${what}: ${countOf(clients)}${added}${ok ? "" : ", but see above"}.${unseen}`)];
}
