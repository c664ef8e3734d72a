import { variablesNamed } from "./app-files.js";
import { optionsOf, preloadInOptions } from "./command.js";
import { withoutQuotedTwice } from "./cut-options.js";
import { expandedByKubernetes } from "./expansion.js";
import { groupsNamed } from "./groups.js";
import { YAML_COMMAND } from "./kinds.js";
import { joinedText, type Line, type Scope } from "./scopes.js";
import type { Starts } from "./starts.js";
import { optionsLine } from "./variable-files.js";
import { settingsBelow, VARIABLES } from "./variables.js";

/** What is in the files of variables that a line names, and in the objects. */
export function variablesOf({ text }: Line, { directory, groups }: Starts): string {
  return [variablesNamed(text, directory), ...groupsNamed(text, groups)].join("\n");
}

/** Keys of YAML with what is no variable of a process. */
export const NO_VARIABLES = new RegExp(`${YAML_COMMAND.source}|^\\s*(?:-\\s+)?(?:build|labels|annotations)\\s*:`);

/** Options for Node beside a script of pm2's. */
const ARGS = /\b(?:node|interpreter)[_-]?[aA]rgs\b/;
/** Begins each setting of options for Node. */
const EACH_OPTIONS = /(?=(?<![\w$%.]|\$[{(])(?:NODE_OPTIONS|(?:node|interpreter)[_-]?[aA]rgs)\b)/;

/** Where options for Node are set, and what they preload. */
export interface OptionsSet {
  line: Line;
  preload: string | undefined;
}

/** The options that Node starts with in a scope. Undefined: none are set there. */
export function optionsSetIn(scope: Scope, starts: Starts, byPm2: boolean): OptionsSet | undefined {
  // pm2 gives the processes of a cluster their variables when Node runs already.
  const isCluster = byPm2 && /(?:exec_mode["']?\s*:\s*["']?cluster|instances["']?\s*:)/.test(joinedText(scope));
  const { directory } = starts;
  let set: OptionsSet | undefined;
  let args: OptionsSet | undefined;
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
  if (!VARIABLES.test(text)) {
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
export function byWeight(scope: Scope): Scope {
  const weight = ({ text }: Line) =>
    /^\s*(?:env_file|envFrom)\s*:/.test(text) ? -1 : /^\s*EnvironmentFile\s*=/.test(text) ? 1 : 0;
  return scope.toSorted((one, other) => weight(one) - weight(other));
}

/** What a line itself runs, with what it sets for that, is for `commandIn` to read. */
export function isCommandOf(line: string): boolean {
  return /^\s*(?:CMD|ENTRYPOINT|ExecStart|RUN)\b/i.test(line);
}
