import type { AnyNode, CallExpression, NewExpression } from "acorn";
import { nameOf, type Surveyor } from "./surveyor.js";
import { bare, isFunction, propertyName } from "./syntax.js";

/** `through2(write)`, `through2.obj(options, write)`, `through2_1.default(write)` */
function isThrough(callee: AnyNode): boolean {
  const at = bare(callee);
  if (at.type === "Identifier") return /^_*through2(?:_?\d+)?$/.test(at.name);
  return (
    at.type === "MemberExpression" &&
    /^(?:obj|ctor|default)$/.test(propertyName(at) ?? "") &&
    at.object.type !== "Super" &&
    isThrough(at.object)
  );
}

/** What a stream is made with: `new Writable({ write })`, `stream.Writable({ write })`, `through2(write, flush)`. */
export function noteStream(
  { type, callee, arguments: args }: CallExpression | NewExpression,
  { survey }: Surveyor,
): void {
  if (isThrough(callee)) {
    const functions = args.filter((argument) => isFunction(argument));
    if (functions.length === 1) survey.sinks.add(functions[0] as AnyNode);
    return;
  }
  const [options] = args;
  const name = nameOf(bare(callee)) ?? "";
  const isOfNode = /^(?:Writable|Transform)$/.test(name);
  if (options?.type !== "ObjectExpression" || !(isOfNode || (type === "NewExpression" && name.endsWith("Stream"))))
    return;
  const methods = survey.objects.get(options);
  if (methods?.kind === "object") (isOfNode ? survey.writables : survey.streams).add(methods.object);
}
