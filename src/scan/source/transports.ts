import type { AnyNode, ForOfStatement, ForStatement } from "acorn";
import { simple } from "acorn-walk";
import type { Fn } from "./model.js";
import type { Source } from "./source.js";
import { nameOf } from "./surveyor.js";
import { bare, isFunction } from "./syntax.js";

/** What transports of pino are made with. */
const BUILD = "pino-abstract-transport";

/** The option by which one says what is to be waited for at its end: `{ close: flush }`, `{ async close() { … } }`. */
const CLOSE = /(?<![.\w])close\s*[:(,}]/;

/** Whether a text is of a transport of pino that waits for nothing when its lines end. */
export const isUnclosed = (text: string): boolean => text.includes(BUILD) && !CLOSE.test(text);

/** The loop by which a function reads the lines that it is given: `for await (const line of source)`. */
export function readingLoop({ node }: Fn): ForOfStatement | ForStatement | undefined {
  const [source] = isFunction(node) ? node.params : [];
  if (source?.type !== "Identifier") return undefined;
  let found: ForOfStatement | ForStatement | undefined;
  const isIts = (right: AnyNode | undefined): boolean => right?.type === "Identifier" && right.name === source.name;
  simple(node as AnyNode, {
    ForOfStatement(loop) {
      if (loop.await && isIts(loop.right)) found = loop;
    },
    // What TypeScript makes of it: `for (…, lines = __asyncValues(source); …;)`
    ForStatement(loop) {
      if (loop.init)
        simple(loop.init, {
          CallExpression({ callee, arguments: [right] }) {
            if (/^_*asyncValues$/.test(nameOf(bare(callee)) ?? "") && isIts(right)) found = loop;
          },
        });
    },
  });
  return found;
}

/** The functions that such transports read their lines with. */
export function readersOf(source: Source): Fn[] {
  if (!isUnclosed(source.text)) return [];
  return [...source.survey.fns.values()].filter((fn) => readingLoop(fn) !== undefined);
}
