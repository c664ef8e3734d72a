import type { AnyNode } from "acorn";
import type { Fn } from "../source/model.js";
import { placeOf } from "../source/places.js";
import type { Source } from "../source/source.js";
import { isFunction } from "../source/syntax.js";
import { makesPromise, returnsOf } from "./awaited.js";
import type { Rule } from "./rule.js";

/** Names of what is asked for again and again. */
const REPEATED = /flush|drain/i;

/** The promise that a function makes once, keeps at a place and gives to all who call it. */
function keptBy(source: Source, fn: Fn): { key: string; made: AnyNode; given: AnyNode } | undefined {
  const { node, scope, name, owner } = fn;
  if (!isFunction(node) || owner === undefined || !REPEATED.test(name ?? "")) return undefined;
  for (const given of returnsOf(node)) {
    const key = placeOf(given, scope)?.key;
    const changes = [...source.facts.values()].filter(({ at }) => at.key === key);
    const made = changes.filter(({ node: made }) => makesPromise(made));
    const [only] = made;
    const isMadeHere = only !== undefined && node.start < only.node.start && only.node.end < node.end;
    const isLeft = changes.every((fact) => fact === only || isOfConstructor(fact.scope.fn));
    if (key !== undefined && isMadeHere && isLeft) return { key, made: only.node, given };
  }
  return undefined;
}

const isOfConstructor = ({ name, owner }: Fn): boolean => name === "constructor" || owner === undefined;

/** Functions that keep a promise which has settled. */
export const keepersOf = (source: Source): Fn[] =>
  [...source.survey.fns.values()].filter((fn) => keptBy(source, fn) !== undefined);

/** A flush makes its promise once and never again: who calls later is given one that has settled long ago. */
export const keepsSettledPromise: Rule = {
  meta: { name: "keeps-settled-promise", hazard: "early return", marks: ["set", "returns early"] },
  message: (place) =>
    `${place} is made once and given to every caller, also when it has settled: await it again, exit, and what was recorded since is lost.`,
  create({ source, root, report }) {
    const kept = keptBy(source, root);
    if (kept === undefined) return {};
    report({
      key: kept.key,
      marks: [
        { label: "set", node: kept.made },
        { label: "returns early", node: kept.given },
      ],
      recordings: [],
    });
    return {};
  },
};
