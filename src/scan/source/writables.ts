import type { AnyNode } from "acorn";
import { type Fn, lookup } from "./model.js";
import { objectId, ownerId } from "./places.js";
import type { Source } from "./source.js";
import { nameOf } from "./surveyor.js";
import { bare, beginning, isFunction, keyName } from "./syntax.js";

/** Names and modules of what is written to: Node's streams, and transports of winston. */
const WRITABLE = /\b(?:Writable|Duplex|Transport(?:Stream)?)\b|["'](?:winston-transport|readable-stream)["']/;

/** The methods that classes are given their chunks by, and what these extend. */
const WRITES: ReadonlyMap<string | undefined, RegExp> = new Map([
  ["log", WRITABLE],
  ["_write", WRITABLE],
  ["_transform", /\bTransform\b/],
]);

/** The same in what `new Writable({ … })` and `new Transform({ … })` are given. */
const WRITES_OPTIONS: readonly (string | undefined)[] = ["write", "transform"];

/** The methods of a Writable that say when its last chunk is done with, also in what `new Writable({ … })` is given. */
const LAST = ["final", "destroy", "flush"];

/** Whether a method hands on what it is given to call, or calls it when something else is over: `socket.close(callback)`. */
function calledLater(source: Source, { node }: Fn): boolean {
  const last = isFunction(node) ? node.params.at(-1) : undefined;
  const callback = last?.type === "Identifier" ? last.name : undefined;
  if (callback === undefined) return true;
  let atOnce = false;
  if (isFunction(node) && node.body.type === "BlockStatement")
    for (const statement of node.body.body) {
      const call = statement.type === "ExpressionStatement" ? bare(statement.expression) : undefined;
      atOnce ||= call?.type === "CallExpression" && call.callee.type === "Identifier" && call.callee.name === callback;
    }
  return !atOnce || source.text.slice(node.start, node.end).includes("await");
}

/** Whether an object has a method that its stream waits for when the last chunk has come. */
function hasLast(source: Source, owner: number, prefix: "" | "_"): boolean {
  return LAST.some((name) => {
    const fn = source.method(owner, `${prefix}${name}`);
    return fn !== undefined && (name !== "destroy" || calledLater(source, fn));
  });
}

/** `const stream = new Writable(options); stream._write = function () {}` */
function isMadeWritable({ survey }: Source, { owner }: Fn): boolean {
  if (owner?.kind !== "object" || typeof owner.object === "number") return false;
  const made = lookup(owner.object.scope, owner.object.name)?.init;
  const node = made && bare(made);
  if (node?.type !== "NewExpression" && node?.type !== "CallExpression") return false;
  const [options] = node.arguments;
  const given = options && survey.objects.get(options);
  return (
    /^(?:Writable|Duplex)$/.test(nameOf(bare(node.callee)) ?? "") &&
    !(given?.kind === "object" && options?.type === "ObjectExpression" && options.properties.some(isLastOption))
  );
}

const isLastOption = (property: AnyNode): boolean => LAST.includes(keyName(property) ?? "");

/** The argument of `(function (_super) { … })(Parent)`, as text: `winston.Transport`. */
function argumentOf(source: Source, { node }: Fn): string | undefined {
  const [first] = isFunction(node) ? node.params : [];
  if (first?.type !== "Identifier") return undefined;
  return /^\)?\(([\w$][.\w$]*)\)/.exec(source.text.slice(node.end, node.end + 100))?.[1];
}

/** What a class extends is, or is taken from. */
function originOf(source: Source, node: AnyNode, fn: Fn): string {
  const { start, end } = bare(node);
  const own = source.text.slice(start, end);
  const at = beginning(node);
  let variable = at.type === "Identifier" ? lookup(fn.scope, at.name) : undefined;
  // What TypeScript and Babel make of a class is a function that is given its parent.
  const given =
    variable !== undefined && isFunction(variable.scope.fn.node) ? argumentOf(source, variable.scope.fn) : undefined;
  if (given !== undefined)
    variable = variable?.scope.fn.parent && lookup(variable.scope.fn.parent.scope, given.split(".")[0] as string);
  const init = variable?.init;
  return [own, given, init && source.text.slice(init.start, init.end)].join(" ");
}

/** Whether a stream ends itself only when something else is over: `end() { client.flush().then(() => super.end()); }` */
function endsLater(source: Source, owner: number): boolean {
  const node = source.method(owner, "end")?.node;
  return node !== undefined && /\bsuper\.end\b|\.prototype\.end\b/.test(source.text.slice(node.start, node.end));
}

/** Whether the methods of an object are those of a stream that does not wait for what it was given before it says 'finish'. */
function isUnfinished(source: Source, owner: number, stream: RegExp): boolean {
  if (hasLast(source, owner, "_") || endsLater(source, owner)) return false;
  const family = source.lineage(owner);
  return source.survey.parents.some(
    ({ of, node, fn }) => family.includes(objectId(of, fn) ?? Number.NaN) && stream.test(originOf(source, node, fn)),
  );
}

/** Whether a Transform hands something on to the next stream: `this.push(line)`, `callback(null, line)`. */
const passesOn = (source: Source, { node }: Fn): boolean =>
  /\bthis\.push\s*\(|\(\s*(?:null|undefined|void 0)\s*,/.test(source.text.slice(node.start, node.end));

/** Whether a function is the method that a stream waits for when its last chunk has come. */
export function isLast(source: Source, fn: Fn): boolean {
  const owner = ownerId(fn);
  if (owner === undefined || !/^_?(?:final|flush)$/.test(fn.name ?? "")) return false;
  if (!fn.name?.startsWith("_")) return source.survey.writables.has(owner);
  const family = source.lineage(owner);
  return source.survey.parents.some(
    ({ of, node, fn: around }) =>
      family.includes(objectId(of, around) ?? Number.NaN) &&
      (WRITABLE.test(originOf(source, node, around)) || /\bTransform\b/.test(originOf(source, node, around))),
  );
}

/** The methods that Writables are given their chunks by. */
export function writesOf(source: Source): Fn[] {
  return [...source.survey.fns.values()].filter((fn) => isWrite(source, fn));
}

/** Whether a function is such a method. */
export function isWrite(source: Source, fn: Fn): boolean {
  if (source.survey.sinks.has(fn.node)) return !passesOn(source, fn);
  const owner = ownerId(fn);
  if (owner === undefined) return false;
  const stream = WRITES.get(fn.name);
  const isIts =
    stream === undefined
      ? WRITES_OPTIONS.includes(fn.name) && source.survey.writables.has(owner) && !hasLast(source, owner, "")
      : isUnfinished(source, owner, stream) ||
        (fn.name === "_write" && !hasLast(source, owner, "_") && isMadeWritable(source, fn));
  return isIts && !(fn.name?.endsWith("transform") && passesOn(source, fn));
}

/** The name of the parameter by which a method is told what to call when it is done with a chunk. */
export function callbackOfChunk({ node }: Fn): string | undefined {
  const last = isFunction(node) && node.params.length > 1 ? node.params.at(-1) : undefined;
  return last?.type === "Identifier" ? last.name : undefined;
}
