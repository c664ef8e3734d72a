import { type AnyNode, type Class, type MethodDefinition, type Program, parse, type Statement } from "acorn";
import { full, simple } from "acorn-walk";
import { Misfit } from "./misfit.js";

/** @throws {SyntaxError} when it is neither a module nor a script */
export function programIn(source: string): Program {
  try {
    return parse(source, { ecmaVersion: "latest", sourceType: "module" });
  } catch {
    return parse(source, { ecmaVersion: "latest", sourceType: "script", allowHashBang: true });
  }
}

/** The statements of a snippet of a method. */
export function statementsIn(snippet: string): Statement[] {
  const [wrapper] = programIn(`async function* method() {\n${snippet}\n}`).body;
  return wrapper?.type === "FunctionDeclaration" ? wrapper.body.body : [];
}

export function nodesIn(root: AnyNode): AnyNode[] {
  // The walk comes by some nodes twice, as what they are and as what they stand for.
  const found = new Set<AnyNode>();
  full(root, (node) => found.add(node));
  return [...found];
}

/** @throws {Misfit} when there is not exactly one of that name */
export function classIn(program: Program, name: string): Class {
  const classes: Class[] = [];
  simple(program, {
    Class(node) {
      if (node.id?.name === name) classes.push(node);
    },
  });
  const [only, ...others] = classes;
  if (only === undefined || others.length > 0) throw new Misfit(`class ${name}`);
  return only;
}

const isMethod = (member: Class["body"]["body"][number], name: string): member is MethodDefinition =>
  member.type === "MethodDefinition" &&
  !member.static &&
  !member.computed &&
  member.key.type === "Identifier" &&
  member.key.name === name;

export function hasMethod(owner: Class, name: string): boolean {
  return owner.body.body.some((member) => isMethod(member, name));
}

/** @throws {Misfit} when the class has no method of that name */
export function methodIn(owner: Class, name: string): MethodDefinition {
  const found = owner.body.body.find((member) => isMethod(member, name));
  if (found === undefined) throw new Misfit(`${owner.id?.name}#${name}`);
  return found as MethodDefinition;
}
