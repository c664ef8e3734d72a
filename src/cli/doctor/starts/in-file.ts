import { REGISTER } from "../register-url.js";
import { variablesNamed } from "./app-files.js";
import { type Around, optionsOf, preloadInOptions } from "./command.js";
import { withoutQuotedTwice } from "./cut-options.js";
import { isGivenAway } from "./entry-point.js";
import { expandedByKubernetes } from "./expansion.js";
import { groupsNamed } from "./groups.js";
import { besideScript, interpreterOf, type Kind, programOf, YAML_COMMAND } from "./kinds.js";
import { blockIn, oneOf, wholeOf, withoutLead } from "./lead.js";
import { isCutWrong } from "./lists.js";
import { HANDLER, type Layered, type Line, type Scope } from "./scopes.js";
import { areVariablesByTemplate, isCommandByTemplate, isSetElsewhere, mayBeElsewhere } from "./set-elsewhere.js";
import { words } from "./shell.js";
import { off, PRELOAD, type StartPlace } from "./start-place.js";
import type { Starts } from "./starts.js";
import { taskAs } from "./tasks.js";
import { optionsLine } from "./variable-files.js";
import { settingsBelow } from "./variables.js";

/** A file that tells how an app is started. */
export interface AppFile extends Layered {
  file: string;
  kind: Kind;
}

/** What an image is, or runs, that has no app of Node's in it. */
const NO_APP =
  /\b(?:nginx|caddy|httpd|apache2?|haproxy|envoy|traefik|postgres|mysql|mariadb|mongo|redis|python3?|ruby|gunicorn|uvicorn|celery|bundle|puma|sidekiq|dotnet|golang|php|openjdk|java|rust|docker|podman|sleep|tail|(?:npm|yarn|pnpm)["',\s]+(?:run["',\s]+)?(?:test|lint|build|bench|check))\b|(?:^|[\s"'/[])(?:ba|a|z)?sh["'\s\]]*$|\nType\s*=\s*oneshot|\bpm2(?:-runtime)?\b.*\.(?:[cm]?js|json|ya?ml)\b|\b(?:nf|foreman|honcho|overmind|hivemind)\b/i;

/**
 * Where a file starts Node, or has the preload for what does.
 * @param targets stages of an image that are asked for by name
 * @param outside what is set for all of it. Absent: nothing
 */
export function startsInFile(
  starts: Starts,
  { file, kind, ...layered }: AppFile,
  targets: ReadonlySet<string>,
  outside?: Around,
): StartPlace[] {
  const { scopes, command, script, unread } = kind;
  const all = scopes(layered, file, targets);
  const isOther = (scope: Scope) => (line: Line) => runsOther(line, scope, kind, starts.directory);
  const here = all.flatMap((scope): StartPlace[] => {
    const text = [joinedText(scope), ...scope.map((line) => variablesOf(line, starts))].join("\n");
    // A unit of systemd without a folder starts in the root, where no package is found by its name.
    const isElsewhere = file.endsWith(".service") && !/^\s*WorkingDirectory\s*=/m.test(text);
    const at = (line: Line) => ({ place: `${line.file ?? file}:${line.number}`, ...off(text) });
    const program = script === undefined ? undefined : programOf(scope);
    const set = setIn(scope, starts, script !== undefined && program === undefined);
    const isUnknown =
      isSetElsewhere(joinedText(scope)) ||
      (set?.preload === undefined && mayBeElsewhere(joinedText(scope), script !== undefined)) ||
      scope.some(areVariablesByTemplate) ||
      groupsNamed(set?.line.text ?? joinedText(scope), starts.groups).includes(undefined);
    const around = set === undefined || isUnknown ? outside : { preload: set.preload, place: at(set.line).place };
    const preload = isElsewhere ? REGISTER : PRELOAD;
    const inCommands = oneOf(scope.filter((line) => command?.test(line.text))).flatMap((line) => {
      const within = { at: at(line), around, preload };
      const block = blockIn(line);
      if (block !== undefined) return starts.inScript({ file: line.file ?? file, content: block, given: "" }, within);
      const whole = wholeOf(line);
      const found = starts.inLine(whole, within);
      if (isGivenAway(whole, starts.directory) || isCutWrong(whole)) return found.map(unseen);
      return found.map((start) => (start.place === at(line).place ? withoutLead(start, line) : start));
    });
    const ofProgram = scope.filter((line) => program !== undefined && script?.test(line.text));
    const inProgram = ofProgram.flatMap((line) => starts.inLine(program ?? "", { at: at(line), around }));
    const interpreter = script === undefined || program !== undefined ? undefined : interpreterOf(scope);
    const scripts = scope.filter((line) => script?.test(line.text) || HANDLER.test(line.text));
    if (interpreter !== undefined) return NO_APP.test(interpreter) ? [] : scripts.map(at).map(unseen);
    const byItself = program === undefined ? scripts : [];
    const inScripts = byItself.map((line): StartPlace => {
      if (around?.preload !== undefined) return { ...at(line), ...around, preload: around.preload };
      return script === undefined ? at(line) : { ...at(line), instead: besideScript(line.text, file) };
    });
    const places = [...inCommands, ...inProgram, ...inScripts].map((start): StartPlace => {
      const isNotFound = isElsewhere && start.preload !== undefined && !/^(?:\/|file:)/.test(start.preload);
      return isNotFound || (isUnknown && start.preload === undefined) ? unseen(start) : start;
    });
    if (places.length > 0) return places;
    if (set?.preload !== undefined) return [{ ...at(set.line), preload: set.preload }];
    const byTemplate = scope.filter(isCommandByTemplate);
    if (byTemplate.length > 0) return byTemplate.map(at).map(unseen);
    return startsApp(kind, scope) ? scope.filter(isOther(scope)).map(at).map(unseen) : [];
  });
  const isAllOther = kind.runsImages === true && all.length > 0 && all.every((scope) => scope.some(isOther(scope)));
  const isNone = here.length === 0 && (isAllOther || kind.programs?.test(layered.content) === true);
  return isNone || unread?.test(layered.content) ? [{ place: file, unseen: true }, ...here] : here;
}

const unseen = ({ place }: StartPlace): StartPlace => ({ place, unseen: true });

/** Whether what a scope runs is of this app for sure. */
function startsApp(kind: Kind, scope: Scope): boolean {
  return kind.startsApps === true || scope.some(({ text }) => /^\s*(?:-\s+)?build\s*:/.test(text));
}

/** Whether a line runs a program of which nothing here tells what it starts. */
function runsOther({ text }: Line, scope: Scope, { command, isImage }: Kind, directory: string): boolean {
  if (command?.test(text) !== true || NO_APP.test(joinedText(scope))) return false;
  return isImage === true || !words(text).some((word) => taskAs(word, directory).isTask === true);
}

/** Whether what runs an image as it is takes away there what is set in NODE_OPTIONS elsewhere, or may do so. */
export function replacesOptions(starts: Starts, { file, kind: { scopes, command }, ...layered }: AppFile): boolean {
  const startsSome = (line: Line) => starts.inLine(line.text, { at: { place: file } }).length > 0;
  return scopes(layered, file, new Set()).some((scope) => {
    const set = setIn(scope, starts, false);
    const isTaken =
      set === undefined
        ? scope.some(areVariablesByTemplate) || isSetElsewhere(joinedText(scope))
        : set.preload === undefined;
    return isTaken && !scope.some((line) => command?.test(line.text) && startsSome(line));
  });
}

/** Whether an image takes away in itself what is given to it in NODE_OPTIONS. */
export function takesOptions(starts: Starts, file: AppFile, targets: ReadonlySet<string>): boolean {
  const given = startsInFile(starts, file, targets, { preload: PRELOAD });
  return given.some(({ preload, unseen, ends }) => preload === undefined && unseen === undefined && ends === undefined);
}

/** Whether what runs images gives the preload to one of them, or a command, and elsewhere runs the same as it is. */
export function leavesImage(starts: Starts, { file, kind: { scopes, command }, ...layered }: AppFile): boolean {
  const all = scopes(layered, file, new Set());
  const isChanged = (scope: Scope) =>
    setIn(scope, starts, false) !== undefined || scope.some((line) => command?.test(line.text));
  const imagesOf = (scope: Scope) =>
    scope.flatMap((line) => /^\s*(?:-\s+)?(?:build|image)\s*:\s*([\s\S]+)$/.exec(line.text)?.[1]?.trim() ?? []);
  const changed = new Set(all.filter(isChanged).flatMap(imagesOf));
  return all.some((scope) => !isChanged(scope) && imagesOf(scope).some((image) => changed.has(image)));
}

/** What is in the files of variables that a line names, and in the objects. */
function variablesOf({ text }: Line, { directory, groups }: Starts): string {
  return [variablesNamed(text, directory), ...groupsNamed(text, groups)].join("\n");
}

/** Keys of YAML with what is no variable of a process. */
const NO_VARIABLES = new RegExp(`${YAML_COMMAND.source}|^\\s*(?:-\\s+)?(?:build|labels|annotations)\\s*:`);

/** Options for Node beside a script of pm2's. */
const ARGS = /\b(?:node|interpreter)[_-]?[aA]rgs\b/;
/** Begins each setting of options for Node. */
const EACH_OPTIONS = /(?=(?<![\w$%.]|\$[{(])(?:NODE_OPTIONS|(?:node|interpreter)[_-]?[aA]rgs)\b)/;

/** Where options for Node are set that it starts with, and what they preload. Undefined: nowhere. */
function setIn(scope: Scope, starts: Starts, byPm2: boolean): { line: Line; preload: string | undefined } | undefined {
  // pm2 gives the processes of a cluster their variables when Node runs already.
  const isCluster = byPm2 && /(?:exec_mode["']?\s*:\s*["']?cluster|instances["']?\s*:)/.test(joinedText(scope));
  const { directory } = starts;
  let set: { line: Line; preload: string | undefined } | undefined;
  let args: { line: Line; preload: string } | undefined;
  for (const line of byWeight(scope)) {
    const hasArgs = byPm2 && ARGS.test(line.text);
    const hasOptions = /NODE_OPTIONS/.test(line.text) && !NO_VARIABLES.test(line.text);
    const value = withoutQuotedTwice(hasArgs || hasOptions ? line.text : optionsLine(variablesOf(line, starts)));
    if (isCommandOf(line.text) || value === "") continue;
    for (const from of optionsIn(value)) {
      if (byPm2 && ARGS.test(from)) {
        const preload = preloadInOptions(from, directory);
        if (preload !== undefined) args = { line, preload };
      } else if (!isCluster) {
        const preload = optionsOf(from, directory, set);
        if (set === undefined || preload !== set.preload) set = { line, preload };
      }
    }
  }
  // Node takes the options of both.
  return args ?? set;
}

/** The settings of Node's options in a line or in what is below a key, in their order. */
function optionsIn(text: string): string[] {
  if (!/^\s*(?:-\s+)?(?:env|environment|envVars|envs)\s*:/.test(text)) {
    return text.split(EACH_OPTIONS).filter((part) => EACH_OPTIONS.test(part));
  }
  const known = new Map<string, string>();
  return settingsBelow(text).flatMap(([name, value]) => {
    const whole = expandedByKubernetes(value, (variable) => known.get(variable));
    known.set(name, whole);
    // To Node what is in quotes is one option.
    const isOneOption = /^(["']).*\s.*\1$/.test(whole);
    return name === "NODE_OPTIONS" ? [`${name}=${isOneOption ? "" : whole}`] : [];
  });
}

/** The lines in the order in which they count: compose and Kubernetes take variables from elsewhere first, systemd last. */
function byWeight(scope: Scope): Scope {
  const weight = ({ text }: Line) =>
    /^\s*(?:env_file|envFrom)\s*:/.test(text) ? -1 : /^\s*EnvironmentFile\s*=/.test(text) ? 1 : 0;
  return scope.toSorted((one, other) => weight(one) - weight(other));
}

/** What a line itself runs, with what it sets for that, is for `found` to read. */
function isCommandOf(line: string): boolean {
  return /^\s*(?:CMD|ENTRYPOINT|ExecStart|RUN)\b/i.test(line);
}

function joinedText(scope: Scope): string {
  return scope.map((line) => line.text).join("\n");
}
