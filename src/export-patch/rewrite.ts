import type { AnyNode, Class, MethodDefinition, Statement } from "acorn";
import type MagicString from "magic-string";
import { dedent, indentAt, indentRest } from "./indent.js";
import { matches, type Range } from "./match.js";
import { Misfit } from "./misfit.js";
import type { Rewrite } from "./source-fix.js";
import { methodIn, nodesIn, statementsIn } from "./syntax.js";

interface Match extends Range {
  holes: Map<string, Range>;
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
function matchesIn(within: MethodDefinition, find: string): Match[] {
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

/** Whether a method has what would be put into it. */
export function isRewritten(owner: Class, { in: name, put }: Rewrite): boolean {
  return put !== "" && matchesIn(methodIn(owner, name), put).length > 0;
}

/** @throws {Misfit} when the method does not have, once, what is to be replaced */
export function rewrite(text: MagicString, owner: Class, { in: name, find, put }: Rewrite): void {
  const [match, ...others] = matchesIn(methodIn(owner, name), find);
  if (match === undefined || others.length > 0) {
    throw new Misfit(`${owner.id?.name}#${name} with \`${find.trim().replaceAll(/\s+/g, " ")}\``);
  }
  const { start, end } = put === "" ? wholeLines(text.original, match) : match;
  const parts = indentRest(dedent(put), indentAt(text.original, start)).split(/\$(\w+)/);
  let from = start;
  for (let at = 0; at < parts.length; at += 2) {
    const kept = match.holes.get(parts[at + 1] ?? "") ?? { start: end, end };
    replace(text, { start: from, end: kept.start }, parts[at] as string);
    from = kept.end;
  }
}
