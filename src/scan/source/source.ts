import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import { simple } from "acorn-walk";
import { type Exports, exportsOf } from "./exports.js";
import type { RawFact, RecordKind } from "./facts.js";
import { basesIn } from "./families.js";
import { type Fn, isWithin, lineage, lookup, type Scope } from "./model.js";
import { parse } from "./parse.js";
import { ownerId, type Place, placeOf, thisId } from "./places.js";
import { survey } from "./survey.js";
import type { Mention, Survey } from "./surveyor.js";
import { bare, beginning, isFunction, propertyName } from "./syntax.js";

/** A place is filled by a node of a function. */
export interface Recording {
  /** What is filled: the place itself or something inside it. */
  key: string;
  how: RecordKind;
  fn: Fn;
  node: AnyNode;
}

export type Fact = RawFact & { at: Place; inPlace?: boolean };

/** A parsed file with its names resolved. */
export class Source {
  readonly survey: Survey;
  /** By the node that does something to a place. */
  readonly facts = new Map<AnyNode, Fact>();
  /** Where a place, or something inside it, is filled. */
  readonly recordings = new Map<string, Recording[]>();
  readonly exports: Exports;
  /** Where items are taken out of a list in place. */
  readonly removals = new Map<string, RawFact[]>();
  readonly #injected = new Set<string>();
  readonly #assigned = new Set<string>();
  readonly #methods = new Map<string, Fn>();
  readonly #calls = new Map<Fn, Mention[]>();
  readonly #places = new Map<AnyNode, { scope: Scope; place: Place | undefined }>();

  /**
   * @param filled says whether another file of the package fills a field of this name
   * @throws {SyntaxError} where the text is not JavaScript
   */
  constructor(
    readonly text: string,
    filled: (field: string) => boolean = () => false,
  ) {
    this.survey = survey(parse(text));
    this.exports = exportsOf(this.survey);
    for (const fn of this.survey.fns.values()) {
      const owner = ownerId(fn);
      if (owner !== undefined && fn.name !== undefined) this.#methods.set(`${owner}.${fn.name}`, fn);
    }
    this.survey.module.bases = basesIn(this.survey);
    this.#inherit();
    this.survey.module.instances = instancesIn(this.survey);
    for (const raw of this.survey.facts) this.#resolve(raw);
    for (const [node, fact] of this.facts) this.#resolveLength(node, fact);
    for (const [key, field] of this.#takenFields()) {
      if (filled(field)) this.recordings.set(key, [{ key, how: "array", fn: elsewhere(this.survey), node: NOWHERE }]);
    }
  }

  /** What a base leaves to those that extend it: `this.send(batch)`. */
  #inherit(): void {
    for (const child of this.survey.module.bases?.keys() ?? []) {
      const [, ...bases] = this.lineage(child);
      for (const [key, fn] of this.#methods) {
        const [owner, name] = key.split(".");
        for (const base of Number(owner) === child ? bases : [])
          if (!this.#methods.has(`${base}.${name}`)) this.#methods.set(`${base}.${name}`, fn);
      }
    }
  }

  /** Collections that are made and taken in this file, and not filled in it: by their keys, what they are called. */
  #takenFields(): Map<string, string> {
    const made = new Map<string, string>();
    const taken = new Set<string>();
    for (const { at, kind, scope, ...fact } of this.facts.values()) {
      const [field, ...more] = at.path;
      if (at.variable !== undefined || field === undefined || more.length > 0 || this.recordings.has(at.key)) continue;
      if ("fresh" in fact && /^(?:array|map|set)$/.test(fact.fresh)) made.set(at.key, field);
      if (/^(?:reset|remake|remove|cut)$/.test(kind) && methodOf(scope.fn).owner !== undefined) {
        if (methodOf(scope.fn).name !== "constructor") taken.add(at.key);
      }
    }
    return new Map([...made].filter(([key]) => taken.has(key)));
  }

  /** `queue.length = 0` empties `queue`, unless `length` is a counter of its own. */
  #resolveLength(node: AnyNode, fact: Fact): void {
    const { kind, place, scope } = fact;
    if (kind !== "reset" || node.type !== "AssignmentExpression" || place.type !== "MemberExpression") return;
    if (propertyName(place) !== "length" || this.recordings.has(fact.at.key)) return;
    const whole = place.object as AnyNode;
    const at = placeOf(whole, scope);
    if (at === undefined) this.facts.delete(node);
    else this.facts.set(node, { ...fact, fresh: "array", place: whole, at, inPlace: true });
  }

  #resolve(raw: RawFact): void {
    const at = placeOf(raw.place, raw.scope);
    if (at === undefined || isOwnVariable(at, raw.scope)) return;
    this.facts.set(raw.node, { ...raw, at });
    if (raw.kind === "assign" && isFromParameter(raw.value, raw.scope)) this.#injected.add(at.key);
    if (raw.kind !== "record" && raw.kind !== "iterate" && raw.kind !== "remove" && raw.kind !== "drop")
      this.#assigned.add(at.key);
    if (raw.kind === "remove") this.removals.set(at.key, [...(this.removals.get(at.key) ?? []), raw]);
    if (raw.kind !== "record") return;
    const parts = at.key.split(".");
    for (let length = at.variable === undefined ? 2 : 1; length <= parts.length; length++) {
      const key = parts.slice(0, length).join(".");
      const recording: Recording = { key: at.key, how: raw.how, fn: raw.scope.fn, node: raw.node };
      const known = this.recordings.get(key);
      if (known === undefined) this.recordings.set(key, [recording]);
      else known.push(recording);
    }
  }

  /**
   * Where a place is filled while a function may be waiting: by other functions, once the module is loaded.
   * @param emptying another function that empties the place: what it fills itself comes afterwards
   */
  recordedOutside(key: string, root: Fn, emptying = root): Recording[] {
    const owner = ownerId(root);
    const method = methodOf(emptying);
    // What a method sets up, to run by itself, is no part of it.
    const whole = isWithin(root, method) ? root : method;
    return (this.recordings.get(key) ?? []).filter(
      ({ fn }) => fn.parent !== undefined && !isWithin(fn, root) && !isWithin(fn, whole) && !isConstructor(fn, owner),
    );
  }

  /** Where a function fills a place itself, before a node of it: another call of it may while this one waits there. */
  recordedBefore(key: string, root: Fn, wait: AnyNode): Recording[] {
    return (this.recordings.get(key) ?? []).filter(
      ({ fn, node }) => fn === root && node.end <= wait.start && holdsOwn(node, fn.scope),
    );
  }

  /** The place that an expression means, which is asked for each time a function is walked through. */
  placeAt(node: AnyNode, scope: Scope): Place | undefined {
    const known = this.#places.get(node);
    if (known?.scope === scope) return known.place;
    const place = placeOf(node, scope);
    this.#places.set(node, { scope, place });
    return place;
  }

  /** The function that a callee means, where it is in this file. */
  functionAt(callee: AnyNode, scope: Scope): Fn | undefined {
    const node = bare(callee);
    if (isFunction(node)) return this.survey.fns.get(node);
    if (node.type === "MemberExpression" && node.object.type === "Super") return this.#inherited(node, scope);
    const place = this.placeAt(node, scope);
    if (place === undefined || place.partial) return undefined;
    const { variable, path } = place;
    if (variable !== undefined && path.length === 0) {
      const init = variable.init && bare(variable.init);
      return init && isFunction(init) ? this.survey.fns.get(init) : undefined;
    }
    const [name = ""] = path;
    const own = variable === undefined && path.length === 1 ? thisId(scope.fn) : undefined;
    return (own === undefined ? undefined : this.method(own, name)) ?? this.#methods.get(place.key);
  }

  /** `super.flush` */
  #inherited(node: MemberExpression, { fn }: Scope): Fn | undefined {
    const own = thisId(fn);
    const base = own === undefined ? undefined : this.lineage(own)[1];
    return base === undefined ? undefined : this.method(base, propertyName(node) ?? "");
  }

  /** A method of an object that is in this file, or of what it extends there. */
  method(owner: number, name: string): Fn | undefined {
    for (const id of this.lineage(owner)) {
      const own = this.#methods.get(`${id}.${name}`);
      if (own !== undefined) return own;
    }
    return undefined;
  }

  /** Ids of an object and of the classes of this file that it extends, the nearest first. */
  lineage(owner: number): number[] {
    return lineage(owner, this.survey.module.bases);
  }

  /** Where another function takes an item out of a list, so that those behind it move up. */
  removedOutside(key: string, root: Fn): RawFact | undefined {
    return this.removals.get(key)?.find(({ scope }) => !isWithin(scope.fn, root));
  }

  /** Whether a map or dictionary is one of lists: `batches.set(key, [item])`, `batches[key] = []`. */
  holdsLists(key: string): boolean {
    return (this.recordings.get(key) ?? []).some(({ node, fn }) => {
      const list = node.type === "AssignmentExpression" ? node.right : (node as Partial<CallExpression>).arguments?.[1];
      const value = list?.type === "Identifier" ? lookup(fn.scope, list.name)?.init : list;
      return value !== undefined && isList(value);
    });
  }

  /** Whether a list is of functions that settle promises. */
  holdsResolvers(key: string): boolean {
    return (this.recordings.get(key) ?? []).every(({ node, fn }) => {
      const item = node.type === "CallExpression" ? node.arguments[0] : undefined;
      const variable = item?.type === "Identifier" ? lookup(fn.scope, item.name) : undefined;
      return variable !== undefined && this.survey.executors.has(variable.scope.fn.node);
    });
  }

  /** Whether a place holds what a parameter gave: `this.onError = options.onError`. */
  injected(node: AnyNode, scope: Scope): boolean {
    const place = this.placeAt(node, scope);
    if (place === undefined || place.partial || place.path.length === 0) return false;
    return this.#injected.has(place.key);
  }

  /** Whether a place gets a value anywhere in the file. */
  isAssigned(key: string): boolean {
    return this.#assigned.has(key);
  }

  /** Whether a function is only ever called from another. */
  isPartOf(fn: Fn, root: Fn): boolean {
    const calls = this.callsOf(methodOf(fn));
    return calls.length > 0 && calls.every(({ scope }) => isWithin(scope.fn, root));
  }

  /** The calls of a function in this file, and where it is given as a callback. */
  callsOf(fn: Fn): Mention[] {
    const known = this.#calls.get(fn);
    if (known !== undefined) return known;
    const named = fn.name === undefined ? [] : (this.survey.calls.get(fn.name) ?? []);
    const calls = named.filter(({ callee, scope }) => this.functionAt(callee, scope) === fn);
    this.#calls.set(fn, calls);
    return calls;
  }

  /** The functions that they are in. */
  callersOf(fn: Fn): Fn[] {
    return this.callsOf(fn).map(({ scope }) => scope.fn);
  }
}

/** What is done in another file. */
const NOWHERE: AnyNode = { type: "EmptyStatement", start: -1, end: -1 };

/** A function that stands for those of other files. */
const elsewhere = ({ module }: Survey): Fn => ({
  node: { ...module.node, body: [] } as unknown as Fn["node"],
  parent: module,
  scope: module.scope,
  this: { kind: "outer" },
  name: undefined,
  owner: undefined,
});

/** Fields that are made once, as an object of a class of the same file. */
function instancesIn({ facts, objects }: Survey): Map<string, number> {
  const found = new Map<string, number>();
  const changed = new Set<string>();
  const classes = new Set([...objects.values()].map((self) => (self.kind === "object" ? self.object : undefined)));
  for (const { kind, node, place, scope } of facts) {
    if (kind === "record" || kind === "iterate" || kind === "remove" || kind === "drop") continue;
    const key = placeOf(place, scope)?.key;
    if (key === undefined) continue;
    const made = node.type === "AssignmentExpression" ? bare(node.right) : undefined;
    const name = made?.type === "NewExpression" && made.callee.type === "Identifier" ? made.callee.name : undefined;
    const variable = name === undefined ? undefined : lookup(scope, name);
    if (variable !== undefined && classes.has(variable.id) && !found.has(key)) found.set(key, variable.id);
    else changed.add(key);
  }
  for (const key of changed) found.delete(key);
  return found;
}

/** `[item]`, `found || []` */
function isList(value: AnyNode): boolean {
  const node = bare(value);
  return node.type === "ArrayExpression" || (node.type === "LogicalExpression" && isList(node.right));
}

/** The method or named function that a callback is part of. */
export function methodOf(fn: Fn): Fn {
  let at = fn;
  while (at.owner === undefined && at.name === undefined && at.parent?.parent !== undefined) at = at.parent;
  return at;
}

/** A variable that no other function than the one it is used in can see filled. */
function isOwnVariable({ variable, path }: Place, scope: Scope): boolean {
  return variable !== undefined && path.length === 0 && variable.scope.fn === scope.fn;
}

/** Whether a function makes the object: nothing waits on it by then. */
function isConstructor(fn: Fn, owner: number | undefined): boolean {
  if (fn.name === "constructor") return true;
  return (
    owner !== undefined &&
    fn.this.kind === "object" &&
    typeof fn.this.object === "number" &&
    fn.this.object === owner &&
    fn.owner === undefined
  );
}

/** Whether a call of a function puts something of its own there: a parameter, a variable. */
function holdsOwn(node: AnyNode, scope: Scope): boolean {
  let holds = false;
  simple(node, {
    Identifier({ name }) {
      if (lookup(scope, name)?.scope.fn === scope.fn) holds = true;
    },
  });
  return holds;
}

/** `callback`, `options.onError`, `options.onError || noop`, of a parameter. */
function isFromParameter(value: AnyNode, scope: Scope): boolean {
  const whole = bare(value);
  const at = beginning(whole.type === "LogicalExpression" ? whole.left : whole);
  if (at.type !== "Identifier") return false;
  const variable = lookup(scope, at.name);
  return variable !== undefined && isFunction(variable.scope.fn.node) && variable.init === undefined;
}
