import type { AnyNode, CallExpression, SwitchCase } from "acorn";
import { base } from "acorn-walk";
import { type Fn, type FunctionNode, isWithin, lookup, type Scope, type Variable } from "../source/model.js";
import { isPartOf, type Place, placeOf } from "../source/places.js";
import type { Source } from "../source/source.js";
import { bare, beginning, isFalsy, isFunction, propertyName } from "../source/syntax.js";
import { give } from "./callbacks.js";
import type { Doing, Step } from "./step.js";
import { VISITORS } from "./visitors.js";

/** What becomes of an expression's value: passed on or kept, only tested, nothing. */
export type Use = "value" | "test" | "none";

/** A function that is being walked through: the traced one, or one that it calls. */
export interface Frame {
  fn: Fn;
  /** Where it returns. */
  returns: Step[];
  /** What follows its first wait runs after its caller has gone on. */
  detached: boolean;
  /** Where its caller goes on, once it is detached and has waited. */
  left: Step[] | undefined;
  /** Where the promise that it returns is settled. */
  settled: Step[];
  /** Generators that a helper runs as an async function. */
  async: boolean;
}

type VisitChild = (node: AnyNode, use: Use) => void;
/** What walks through a node that has no visitor here. */
const DEFAULTS = base as Record<string, (node: AnyNode, use: Use, visitChild: VisitChild) => void>;

const MAX_DEPTH = 5;
const MAX_NODES = 4000;
/** Of them in other functions. */
const MAX_NODES_THROUGH = 1000;

/**
 * Functions that do nothing which matters to those around, and how many nodes it takes to see that: by what those are inside of, as
 * that says what they share.
 */
const silent = new WeakMap<Fn, Map<Fn, number>>();

function silentAround({ parent }: Fn): Map<Fn, number> {
  if (parent === undefined) return new Map();
  const known = silent.get(parent) ?? new Map<Fn, number>();
  silent.set(parent, known);
  return known;
}

/** Walks through a function in the order things happen, and through what it calls in the same file. */
export class Tracer {
  readonly steps: Step[] = [];
  /** The steps that whatever comes next follows. */
  cursor: Step[] = [];
  scope: Scope;
  frames: Frame[] = [];
  line = 0;
  /** Ends of the loops and switches around, by where they are broken out of. */
  breaks: Step[][] = [];
  /** State machines that were async functions, from the outside in. */
  machines: { waits: ReadonlySet<AnyNode>; states: readonly SwitchCase[] }[] = [];
  /** Whether what is being walked is waited for. */
  awaited = false;
  /** Keys that the tests around compare with what was read before. */
  compared: string[] = [];
  /** Where the promise that an expression gives is settled. */
  readonly chains = new Map<AnyNode, Step[]>();
  /** Keys whose content a local variable holds. */
  readonly taints = new Map<Variable, readonly string[]>();
  /** Keys whose content the value of a local variable was made from, by way of others. */
  readonly #made = new Map<Variable, readonly string[]>();
  /** Callbacks that a function which is walked through was given, by its parameter. */
  readonly given = new Map<Variable, FunctionNode>();
  /** Local variables that are absent where there is nothing at a place. */
  readonly parts = new Set<Variable>();
  /** Local variables that are an item of what is at a place. */
  readonly items = new Map<Variable, string>();
  /** Lists that an item was taken out of, one at a time. */
  readonly shortened = new Set<string>();
  /** Lists that a loop around goes on with until they are empty. */
  emptying: string[] = [];
  /** Maps of lists that one was got from. */
  readonly picked = new Set<string>();
  readonly #silent: Map<Fn, number>;
  /** What was noted without a step, or not looked at. */
  #unseen = 0;
  readonly #declared = new Map<Variable, number>();
  readonly #resets = new Map<string, number>();
  #clock = 0;
  #lines = 0;
  #through: AnyNode | undefined;
  #nodes = 0;
  #nodesThrough = 0;

  constructor(
    readonly source: Source,
    readonly root: Fn,
  ) {
    this.scope = root.scope;
    this.#silent = silentAround(root);
  }

  get frame(): Frame {
    return this.frames[this.frames.length - 1] as Frame;
  }

  run(): Step[] {
    const { node } = this.root;
    if (isFunction(node)) this.walkBody(node, { detached: false });
    return this.steps;
  }

  visit(node: AnyNode | null | undefined, use: Use = "value"): void {
    if (!node) return;
    if (this.#nodes++ > MAX_NODES || (this.#through !== undefined && this.#nodesThrough++ > MAX_NODES_THROUGH)) {
      this.#unseen++;
      return;
    }
    const inner = this.source.survey.scopes.get(node);
    const outer = this.scope;
    if (inner !== undefined) this.scope = inner;
    const visitor = VISITORS[node.type];
    if (visitor !== undefined) visitor(this, node, use);
    else DEFAULTS[node.type]?.(node, "value", (child) => this.visit(child));
    this.scope = outer;
  }

  emit(doing: Doing, node: AnyNode): Step {
    const { fn } = this.frame;
    const step = { ...doing, node, fn, before: this.cursor, line: this.line, through: this.#through };
    this.steps.push(step);
    this.cursor = [step];
    return step;
  }

  wait(node: AnyNode, settled: readonly Step[] = []): void {
    // What is awaited in what nobody waits for is not waited for either.
    for (const frame of this.frames.slice(1)) if (frame.detached) frame.left ??= this.cursor;
    this.cursor = [...this.cursor, ...settled];
    this.emit({ kind: "wait" }, node);
  }

  /** A place that outlives the traced function, unless the expression is a variable that holds what was taken from it. */
  shared(node: AnyNode): Place | undefined {
    const place = this.source.placeAt(node, this.scope);
    if (place === undefined || this.isStale(node)) return undefined;
    const { variable } = place;
    if (variable === undefined) return place.path.length > 0 ? place : undefined;
    const { fn } = variable.scope;
    return fn !== this.root && isWithin(this.root, fn) ? place : undefined;
  }

  /** The local variable that an expression begins at. */
  variableOf(node: AnyNode): Variable | undefined {
    const at = beginning(node);
    return at.type === "Identifier" ? lookup(this.scope, at.name) : undefined;
  }

  /** Whether an expression begins at a variable that still holds what was at a place before it was replaced. */
  isStale(node: AnyNode): boolean {
    const variable = this.variableOf(node);
    const declared = variable && this.#declared.get(variable);
    if (variable === undefined || declared === undefined) return false;
    const held = placeOf({ type: "Identifier", name: variable.name, start: 0, end: 0 }, variable.scope);
    if (held === undefined) return false;
    for (const [reset, when] of this.#resets) if (when > declared && isPartOf(held.key, reset)) return true;
    return false;
  }

  /** Reads a place, if something is recorded there. */
  read(node: AnyNode): void {
    const place = this.shared(node);
    if (place === undefined) return;
    const { recordings } = this.source;
    if (place.partial) {
      // `queue[i]`
      const item = bare(node);
      if (item.type === "MemberExpression" && item.computed && recordings.has(place.key)) {
        const list = this.shared(item.object as AnyNode);
        if (list?.key === place.key && !list.partial) this.emit({ kind: "read", key: place.key }, node);
      }
      return;
    }
    if (!recordings.has(place.key)) {
      const last = place.path.at(-1);
      if (last === "length" || last === "size") return;
      const parts = place.key.split(".");
      while (parts.length > 1 && !recordings.has(parts.join("."))) parts.pop();
      if (!recordings.has(parts.join("."))) return;
    }
    this.emit({ kind: "read", key: place.key }, node);
  }

  /** Notes that a local variable now holds what was read since a step. */
  hold(id: AnyNode, since: number, value?: AnyNode | null): void {
    if (id.type !== "Identifier") return;
    const variable = lookup(this.scope, id.name);
    if (variable === undefined) return;
    this.#noteOutside(variable);
    this.#declared.set(variable, this.#clock++);
    // What is put aside in one arm is still held in the other.
    if (value && isFalsy(value) && this.taints.has(variable)) return;
    const picked = value ? this.#pickedBy(value) : [];
    this.taints.set(variable, [...this.readSince(since), ...picked]);
    if (value) this.#made.set(variable, this.madeFrom(value));
  }

  /** Notes that a local variable holds a part of what was read since a step: where there was nothing, it is absent. */
  holdPart(id: AnyNode, since: number): void {
    this.hold(id, since);
    const variable = id.type === "Identifier" ? lookup(this.scope, id.name) : undefined;
    if (variable !== undefined) this.parts.add(variable);
  }

  /** Keys whose content an expression is made from: `Buffer.from(text)`, where `text` is. */
  madeFrom(node: AnyNode): readonly string[] {
    const value = bare(node);
    if (value.type === "CallExpression" || value.type === "NewExpression")
      return value.arguments.flatMap((argument) => this.madeFrom(argument));
    if (value.type !== "Identifier") return this.heldBy(value);
    const variable = lookup(this.scope, value.name);
    return [...this.heldBy(value), ...((variable && this.#made.get(variable)) ?? [])];
  }

  /** Notes that a local variable now also holds what was read since a step, and what an expression takes. */
  add(id: AnyNode, since: number, values: readonly AnyNode[]): void {
    const variable = id.type === "Identifier" ? lookup(this.scope, id.name) : undefined;
    if (variable === undefined || this.shared(id) !== undefined) return;
    this.#noteOutside(variable);
    const keys = [...this.readSince(since), ...values.flatMap((value) => this.#pickedBy(value))];
    this.taints.set(variable, [...new Set([...(this.taints.get(variable) ?? []), ...keys])]);
  }

  /** Keys that were read since a step. */
  readSince(since: number): string[] {
    return this.steps.slice(since).flatMap((step) => (step.kind === "read" ? [step.key] : []));
  }

  /** Keys of the lists that an expression takes an item out of: `queue.shift()`. */
  #pickedBy(node: AnyNode): readonly string[] {
    const value = bare(node);
    if (value.type === "Identifier") return this.heldBy(value);
    if (value.type !== "CallExpression" || !/^(?:shift|pop|get)$/.test(propertyName(value.callee) ?? "")) return [];
    const callee = bare(value.callee);
    const place = callee.type === "MemberExpression" ? this.shared(callee.object as AnyNode) : undefined;
    return place !== undefined && (this.shortened.has(place.key) || this.picked.has(place.key)) ? [place.key] : [];
  }

  /** Notes that a local variable is an item of what is at a place. */
  holdItem(id: AnyNode, key: string, scope: Scope): void {
    const variable = id.type === "Identifier" ? lookup(scope, id.name) : undefined;
    if (variable === undefined) return;
    this.#noteOutside(variable);
    this.items.set(variable, key);
  }

  /** Notes that an item was taken out of a list: in a loop until there is none left, it is taken out as a whole. */
  shorten(key: string, node: AnyNode): void {
    this.#unseen++;
    this.shortened.add(key);
    if (!this.emptying.includes(key)) return;
    this.emit({ kind: "read", key }, node);
    this.emit({ kind: "take", key }, node);
  }

  /** Notes that one of the lists of a map was got. */
  pick(key: string): void {
    this.#unseen++;
    this.picked.add(key);
  }

  #noteOutside({ scope }: Variable): void {
    if (scope.fn !== this.frame.fn) this.#unseen++;
  }

  /** Keys whose content an expression is made of. */
  heldBy(node: AnyNode): readonly string[] {
    const variable = this.variableOf(node);
    return (variable && this.taints.get(variable)) ?? [];
  }

  /** Notes that what variables hold of a place is not what is there any longer. */
  replaced(key: string): void {
    this.#resets.set(key, this.#clock++);
  }

  /** Walks a callback that runs when other code has run, on a line of its own. */
  later(node: FunctionNode, at: AnyNode, from: readonly Step[] = this.cursor): Step[] {
    const saved = { cursor: this.cursor, line: this.line };
    this.line = ++this.#lines;
    this.cursor = [...from];
    this.emit({ kind: "wait" }, at);
    const settled = this.walkBody(node, { detached: false, at });
    this.cursor = saved.cursor;
    this.line = saved.line;
    return settled;
  }

  /**
   * Walks the body of a function as if it stood here.
   * @param detached its caller does not wait for it
   * @param async it runs as an async function
   * @param at the call through which it is reached
   * @returns where the promise that it gives is settled
   */
  walkBody(
    node: FunctionNode,
    { detached, async = node.async, at }: { detached: boolean; async?: boolean; at?: AnyNode },
  ): Step[] {
    const fn = this.source.survey.fns.get(node);
    if (fn === undefined || this.frames.length > MAX_DEPTH || this.frames.some((frame) => frame.fn === fn)) {
      this.#unseen++;
      return [];
    }
    const frame: Frame = { fn, returns: [], detached: detached && async, left: undefined, settled: [], async };
    const { scope, breaks, compared, awaited } = this;
    const through = this.#through;
    if (!isWithin(fn, this.root)) this.#through ??= at;
    this.scope = fn.scope;
    this.breaks = [];
    this.awaited = false;
    this.frames.push(frame);
    for (const parameter of node.params) if (parameter.type === "AssignmentPattern") this.visit(parameter.right);
    if (node.body.type === "BlockStatement") this.visit(node.body);
    else
      VISITORS.ReturnStatement?.(this, { ...node, type: "ReturnStatement", argument: node.body } as AnyNode, "value");
    this.frames.pop();
    this.#through = through;
    this.scope = scope;
    this.breaks = breaks;
    this.compared = compared;
    this.awaited = awaited;
    const ends = [...this.cursor, ...frame.returns];
    this.cursor = frame.left ?? ends;
    return [...ends, ...frame.settled];
  }

  /** Walks through a function of this file that is called here. */
  enter(fn: Fn, call: CallExpression): void {
    if (!isFunction(fn.node) || fn.node.generator || isAbstract(fn.node)) return;
    const isGiven = give(this, fn.node, call.arguments);
    const seen = isGiven ? undefined : this.#silent.get(fn);
    if (seen !== undefined) {
      this.#nodes += seen;
      this.#nodesThrough += seen;
      return;
    }
    const since = this.steps.length;
    const unseen = this.#unseen;
    const nodes = this.#nodes;
    const settled = this.walkBody(fn.node, { detached: !this.awaited, at: call });
    if (this.steps.length > since) this.chains.set(call, settled);
    else if (!isGiven && this.#unseen === unseen && this.cursor.length > 0 && !isWithin(fn, this.root))
      this.#silent.set(fn, this.#nodes - nodes);
  }

  isLength(node: AnyNode): boolean {
    const name = propertyName(bare(node));
    return name === "length" || name === "size";
  }
}

/** A method that only says that another file's class has to have it. */
const isAbstract = ({ body }: FunctionNode): boolean =>
  body.type === "BlockStatement" && body.body.length > 0 && body.body[0]?.type === "ThrowStatement";
