import { REGISTER } from "../register-url.js";
import type { Around } from "./command.js";
import { isGivenAway } from "./entry-point.js";
import { groupsNamed } from "./groups.js";
import { besideScript, interpreterOf, type Kind, programOf } from "./kinds.js";
import { blockIn, oneOf, wholeOf, withoutLead } from "./lead.js";
import { isCutWrong } from "./lists.js";
import { byWeight, isCommandOf, NO_VARIABLES, type OptionsSet, optionsSetIn, variablesOf } from "./node-options.js";
import { runsOther, startsApp, startsNoApp } from "./other-programs.js";
import { HANDLER, joinedText, type Line, type Scope } from "./scopes.js";
import {
  areVariablesByTemplate,
  isCommandByTemplate,
  isSetElsewhere,
  isSwitchedElsewhere,
  mayBeElsewhere,
} from "./set-elsewhere.js";
import { type Context, PRELOAD, type StartPlace, unseen } from "./start-place.js";
import type { Starts } from "./starts.js";
import { isSwitchedOff, type Switched, switchedIn, switchesItself } from "./switched.js";
import { linesBelow, VARIABLES } from "./variables.js";

/** Lines for one process, and the file that they are in. */
export interface ScopeOfFile {
  file: string;
  kind: Kind;
  scope: Scope;
}

/** What is set for all of a file. */
export interface Outside {
  around?: Around;
  switched?: Switched;
  /** Whether FLUSHGUARD may be set for what does not set it itself. Absent: it is not. */
  mayBeSwitched?: boolean;
}

/** What starts in a scope of a file, with what is set there for it. */
export class InScope {
  readonly #starts: Starts;
  readonly #file: string;
  readonly #kind: Kind;
  readonly #scope: Scope;
  /** For what it starts, as far as it is not its command that sets it. */
  readonly switched: Switched;
  /** The line that sets it. Undefined: none does. */
  readonly #switchedAt: Line | undefined;
  /** It starts in the root, as a unit of systemd without a folder does, where no package is found by its name. */
  readonly #isInRoot: boolean;
  /** What pm2 runs that is no script for Node. */
  readonly #program: string | undefined;
  readonly #set: OptionsSet | undefined;
  /** What it preloads by NODE_OPTIONS may be set where this does not tell. */
  readonly #isUnknown: boolean;
  readonly #around: Around | undefined;
  readonly #isSwitchUnknown: boolean;

  /** @param outside what is set for all of the file. Absent: nothing */
  constructor(starts: Starts, { file, kind, scope }: ScopeOfFile, outside: Outside = {}) {
    this.#starts = starts;
    this.#file = file;
    this.#kind = kind;
    this.#scope = scope;
    const setting = byWeight(scope).filter((line) => !this.#setsForCommand(line));
    const setIn = (line: Line, around?: Switched) =>
      switchedIn([line.text, variablesOf(line, starts), pairsOf(line)].join("\n"), around);
    this.switched = setting.reduce((before: Switched, line) => setIn(line, before), outside.switched ?? {});
    this.#switchedAt = setting.findLast((line) => Object.keys(setIn(line)).length > 0);
    const isSetBeside = outside.mayBeSwitched === true && this.#switchedAt === undefined;
    this.#isSwitchUnknown = isSetBeside || isSwitchedElsewhere(joinedText(scope), kind.script !== undefined);
    this.#isInRoot = file.endsWith(".service") && !/^\s*WorkingDirectory\s*=/m.test(joinedText(scope));
    this.#program = kind.script === undefined ? undefined : programOf(scope);
    this.#set = optionsSetIn(scope, starts, kind.script !== undefined && this.#program === undefined);
    this.#isUnknown = this.#mayBeUnknown();
    const { line, preload } = this.#set ?? {};
    this.#around = line === undefined || this.#isUnknown ? outside.around : { preload, place: this.#at(line).place };
  }

  /** It sets variables for its own command, or for nothing that runs. */
  #setsForCommand({ text }: Line): boolean {
    if (isCommandOf(text) || NO_VARIABLES.test(text)) return true;
    return this.#kind.command?.test(text) === true && switchesItself(text);
  }

  #mayBeUnknown(): boolean {
    const text = joinedText(this.#scope);
    return (
      isSetElsewhere(text) ||
      (this.#set?.preload === undefined && mayBeElsewhere(text, this.#kind.script !== undefined)) ||
      this.#scope.some(areVariablesByTemplate) ||
      groupsNamed(this.#set?.line.text ?? text, this.#starts.groups).includes(undefined)
    );
  }

  /** Where it starts Node, or has the preload for what does. */
  starts(): StartPlace[] {
    const isOfNode = this.#kind.script === undefined || this.#program !== undefined;
    const interpreter = isOfNode ? undefined : interpreterOf(this.#scope);
    if (interpreter !== undefined) return startsNoApp(interpreter) ? [] : this.#unseenAt(this.#scripts());
    const places = [...this.#byCommands(), ...this.#byProgram(), ...this.#byScripts()];
    if (places.length > 0) return places.map((start) => this.#asFarAsKnown(start));
    if (this.#set?.preload !== undefined) return [{ ...this.#at(this.#set.line), preload: this.#set.preload }];
    const byTemplate = this.#scope.filter(isCommandByTemplate);
    if (byTemplate.length > 0) return this.#unseenAt(byTemplate);
    const others = startsApp(this.#kind, this.#scope) ? this.others() : [];
    return others.length > 0 ? this.#unseenAt(others) : this.#ofImage();
  }

  /** The line that leaves what it starts unguarded, whatever that is. */
  #ofImage(): StartPlace[] {
    const line = this.#switchedAt;
    if (line === undefined || !isSwitchedOff(this.switched) || startsNoApp(joinedText(this.#scope))) return [];
    return [{ ...this.#at(line), unseen: true }];
  }

  /** The lines that run programs of which nothing here tells what they start. */
  others(): Line[] {
    return this.#scope.filter((line) => runsOther(line, this.#scope, this.#kind, this.#starts.directory));
  }

  #at(line: Line): Context["at"] {
    return { place: `${line.file ?? this.#file}:${line.number}`, ...this.switched };
  }

  #unseenAt(lines: readonly Line[]): StartPlace[] {
    return lines.map((line) => unseen(this.#at(line)));
  }

  #byCommands(): StartPlace[] {
    const { command } = this.#kind;
    return oneOf(this.#scope.filter((line) => command?.test(line.text))).flatMap((line) => this.#byCommand(line));
  }

  #byCommand(line: Line): StartPlace[] {
    const at = this.#at(line);
    const within = { at, around: this.#around, preload: this.#isInRoot ? REGISTER : PRELOAD };
    const block = blockIn(line);
    if (block !== undefined) {
      return this.#starts.inScript({ file: line.file ?? this.#file, content: block, given: "" }, within);
    }
    const whole = wholeOf(line);
    const starts = this.#starts.inLine(whole, within);
    if (isGivenAway(whole, this.#starts.directory) || isCutWrong(whole)) return starts.map(unseen);
    return starts.map((start) => (start.place === at.place ? withoutLead(start, line) : start));
  }

  #byProgram(): StartPlace[] {
    const program = this.#program;
    if (program === undefined) return [];
    const lines = this.#scope.filter((line) => this.#kind.script?.test(line.text));
    return lines.flatMap((line) => this.#starts.inLine(program, { at: this.#at(line), around: this.#around }));
  }

  /** The lines that name what Node is started with by itself. */
  #scripts(): Line[] {
    return this.#scope.filter((line) => this.#kind.script?.test(line.text) || HANDLER.test(line.text));
  }

  #byScripts(): StartPlace[] {
    if (this.#program !== undefined) return [];
    const around = this.#around;
    return this.#scripts().map((line): StartPlace => {
      const at = this.#at(line);
      if (around?.preload !== undefined) return { ...at, ...around, preload: around.preload };
      return this.#kind.script === undefined ? at : { ...at, instead: besideScript(line.text, this.#file) };
    });
  }

  #asFarAsKnown(start: StartPlace): StartPlace {
    const isNotFound = this.#isInRoot && start.preload !== undefined && !/^(?:\/|file:)/.test(start.preload);
    if (this.#isSwitchUnknown) return unseen(start);
    return isNotFound || (this.#isUnknown && start.preload === undefined) ? unseen(start) : start;
  }
}

/** What is set in a list of names with their values, as a file of variables has it. */
const pairsOf = ({ text }: Line) => (VARIABLES.test(text) ? linesBelow(text) : "");
