import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import MagicString from "magic-string";

const SWAPPED = {
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "++": "--",
  "--": "++",
  "+=": "-=",
  "-=": "+=",
};

/**
 * Ways to break a file, each in one place.
 * @returns `{ start, end, kind, text }`: what stands from `start` to `end` becomes `text`
 */
export function mutantsOf(source) {
  const found = [];
  const add = (kind, { start, end }, text) => found.push({ start, end, kind, text });
  const textOf = ({ start, end }) => source.slice(start, end);
  /** Where it is a comparison of its own, or negated already, that is broken there. */
  const negate = (test) => {
    if (/^[!=]==?$/.test(test.operator)) return;
    if (test.operator === "!") add("negated condition", test, textOf(test.argument));
    else add("negated condition", test, `!(${textOf(test)})`);
  };
  /** An operator between two operands, or after one. */
  const swap = (operator, from, to, kind = "swapped operator") => {
    if (SWAPPED[operator] === undefined) return;
    const start = source.indexOf(operator, from);
    if (start >= 0 && start < to) add(kind, { start, end: start + operator.length }, SWAPPED[operator]);
  };
  ancestor(parse(source, { ecmaVersion: "latest", sourceType: "module" }), {
    IfStatement: ({ test }) => negate(test),
    WhileStatement: ({ test }) => add("negated condition", test, "false"),
    ConditionalExpression: ({ test }) => negate(test),
    ForStatement: ({ test }) => test && add("negated condition", test, "false"),
    BinaryExpression: ({ operator, left, right }) => swap(operator, left.end, right.start),
    LogicalExpression: ({ operator, left, right }) => swap(operator, left.end, right.start),
    AssignmentExpression: ({ operator, left, right }) => swap(operator, left.end, right.start),
    UpdateExpression: ({ operator, start, end, prefix, argument }) =>
      prefix ? swap(operator, start, argument.start) : swap(operator, argument.end, end),
    UnaryExpression(node, _, ancestors) {
      if (node.operator === "!" && ancestors.at(-2)?.test !== node)
        add("negated condition", node, textOf(node.argument));
    },
    AwaitExpression: (node) => add("dropped await", node, `(${textOf(node.argument)})`),
    ExpressionStatement(node) {
      // Without super() no instance is made, so that every test fails.
      if (node.directive !== undefined || node.expression.callee?.type === "Super") return;
      add("dropped statement", node, ";");
    },
    ThrowStatement: (node) => add("dropped statement", node, ";"),
    ReturnStatement(node) {
      if (node.argument === null) add("dropped statement", node, ";");
    },
    Literal(node) {
      if (typeof node.value === "boolean") add("swapped constant", node, String(!node.value));
    },
  });
  return found;
}

/** The source with that mutant in it. */
export function mutated(source, { start, end, text }) {
  return new MagicString(source).overwrite(start, end, text).toString();
}

/** Where a mutant is and what it does, in one line; of an operator also what it stands in. */
export function described(file, source, { start, end, kind, text }) {
  const line = source.slice(0, start).split("\n").length;
  const short = (code) => code.trim().replace(/\s+/g, " ").slice(0, 80);
  const around = kind === "swapped operator" ? `  in  ${short(source.split("\n")[line - 1])}` : "";
  return `${file}:${line}  ${kind}: ${short(source.slice(start, end))}  →  ${short(text)}${around}`;
}
