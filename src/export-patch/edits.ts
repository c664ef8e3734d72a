import type { AnyNode, Class, MethodDefinition, PropertyDefinition, Statement } from "acorn";
import type MagicString from "magic-string";
import { dedent, indentAt, indentRest } from "./indent.js";
import { matches, type Range } from "./match.js";
import { Misfit } from "./misfit.js";
import type { Addition, Joined, Rewrite } from "./source-fix.js";
import { methodIn, nodesIn, statementsIn } from "./syntax.js";

interface Match extends Range {
  holes: Map<string, Range>;
}

function method(owner: Class, name: string): MethodDefinition {
  const found = methodIn(owner, name);
  if (found === undefined) throw new Misfit(`${owner.id?.name}#${name}`);
  return found;
}

function matchesOf(pattern: readonly unknown[], nodes: readonly AnyNode[]): Match[] {
  return nodes.flatMap((_, at) => {
    const candidates = nodes.slice(at, at + pattern.length);
    const holes = new Map<string, Range>();
    const [first, last] = [candidates[0], candidates.at(-1)];
    if (first === undefined || last === undefined || !matches(pattern, candidates, holes)) return [];
    return [{ start: first.start, end: last.end, holes }];
  });
}

function statementLists(node: AnyNode): Statement[][] {
  if (node.type === "BlockStatement") return [node.body];
  return node.type === "SwitchCase" ? [node.consequent] : [];
}

/** A snippet without a semicolon at its end is an expression. */
function found(within: MethodDefinition, find: string): Match[] {
  const pattern = statementsIn(find);
  const nodes = nodesIn(within);
  const [only] = pattern;
  if (only?.type === "ExpressionStatement" && !/[;}]\s*$/.test(find)) {
    return nodes.flatMap((node) => matchesOf([only.expression], [node]));
  }
  return nodes.flatMap(statementLists).flatMap((list) => matchesOf(pattern, list));
}

function replace(text: MagicString, { start, end }: Range, replacement: string): void {
  if (text.original.slice(start, end) === replacement) return;
  if (start === end) text.appendLeft(start, replacement);
  else if (replacement === "") text.remove(start, end);
  else text.update(start, end, replacement);
}

/** The lines that a range of whole statements takes. */
function wholeLines(source: string, { start, end }: Range): Range {
  const from = start - indentAt(source, start).length;
  return { start: from, end: source.startsWith("\n", end) ? end + 1 : end };
}

/** @throws {Misfit} when the method does not have, once, what is to be replaced */
export function rewrite(text: MagicString, owner: Class, { in: name, find, put }: Rewrite): void {
  const [match, ...others] = found(method(owner, name), find);
  if (match === undefined || others.length > 0) {
    throw new Misfit(`${owner.id?.name}#${name} with \`${find.trim().replaceAll(/\s+/g, " ")}\``);
  }
  if (put === "") return replace(text, wholeLines(text.original, match), "");
  const parts = indentRest(dedent(put), indentAt(text.original, match.start)).split(/\$(\w+)/);
  let from = match.start;
  for (let at = 0; at < parts.length; at += 2) {
    const kept = match.holes.get(parts[at + 1] ?? "") ?? { start: match.end, end: match.end };
    replace(text, { start: from, end: kept.start }, parts[at] as string);
    from = kept.end;
  }
}

/** @throws {Misfit} when there is no method to come behind */
export function add(text: MagicString, owner: Class, { after, add: source }: Addition): void {
  const { start, end } = method(owner, after);
  const indent = indentAt(text.original, start);
  text.appendLeft(end, `\n${indent}${indentRest(dedent(source), indent)}`);
}

const joined = (name: string, worker: string, current: string, next: string): string => `\
${name}() {
    if (this.${current}) {
        // It began without what was recorded since. All calls until it ends share one more after it.
        if (!this.${next}) {
            const again = () => {
                this.${next} = undefined;
                return this.${name}();
            };
            this.${next} = this.${current}.then(again, again);
        }
        return this.${next};
    }
    this.${current} = this.${worker}().finally(() => {
        this.${current} = undefined;
    });
    return this.${current};
}`;

/** Declares fields in a class that declares its fields; elsewhere they are only assigned. */
function declare(text: MagicString, owner: Class, names: readonly string[]): void {
  const fields = owner.body.body.filter((member): member is PropertyDefinition => member.type === "PropertyDefinition");
  const nameOf = ({ key }: PropertyDefinition) => (key.type === "Identifier" ? key.name : undefined);
  const last = fields.findLast((field) => names.includes(nameOf(field) ?? "")) ?? fields.at(-1);
  if (last === undefined) return;
  const missing = names.filter((name) => !fields.some((field) => nameOf(field) === name));
  const indent = indentAt(text.original, last.start);
  for (const name of missing) text.appendLeft(last.end, `\n${indent}${name};`);
}

/** @throws {Misfit} when there is no such method, or it has parameters, which calls that are joined would not agree on */
export function join(text: MagicString, owner: Class, { join: name, worker, fields }: Joined): void {
  const { start, key, value } = method(owner, name);
  if (value.params.length > 0) throw new Misfit(`${owner.id?.name}#${name} without parameters`);
  const indent = indentAt(text.original, start);
  declare(text, owner, fields);
  text.prependRight(start, `${indentRest(joined(name, worker, ...fields), indent)}\n${indent}`);
  text.update(key.start, key.end, worker);
}
