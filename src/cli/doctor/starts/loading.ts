import { type AnyNode, type CallExpression, type Options, type Program, parse } from "acorn";
import { full, type RecursiveVisitors, recursive } from "acorn-walk";

/** What a file loads, by specifiers in their order. */
export interface Loading {
  /** Before all that comes after the file, whatever happens. */
  always: string[];
  /** The same and all else that is quoted in it: what it may load. */
  named: string[];
}

const COMMON: Options = { ecmaVersion: "latest", allowHashBang: true };
const TYPED = /\.[cm]?tsx?$/;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/.*$/gm;
const TEMPLATES = /`(?:[^`\\]|\\[\s\S])*`/g;
/** An import that is nowhere but at the top of a module. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[\w*{][^;"'()]*?\sfrom\s*)?["']([^"']+)["']/gm;
const QUOTED = /["']([^"'\n]+)["']/g;

export function withoutComments(code: string): string {
  return code.replace(COMMENTS, "");
}

/**
 * What is loaded by a file's code.
 * @param file its name, which says whether it has types: then only its static imports count
 */
export function loadingOf(code: string, file: string): Loading {
  const program = parsed(code, "module") ?? parsed(code, "commonjs");
  if (program !== undefined) return { always: alwaysIn(program), named: quotedIn(program) };
  if (!TYPED.test(file)) return { always: [], named: [] };
  const plain = withoutComments(code).replace(TEMPLATES, "``");
  const all = (pattern: RegExp) => Array.from(plain.matchAll(pattern), ([, name = ""]) => name);
  return { always: all(IMPORT), named: all(QUOTED) };
}

function parsed(code: string, sourceType: "module" | "commonjs"): Program | undefined {
  try {
    return parse(code, { ...COMMON, sourceType });
  } catch {
    return undefined;
  }
}

function textIn(node: AnyNode | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

function quotedIn(program: Program): string[] {
  const all: string[] = [];
  full(program, (node) => {
    all.push(...[textIn(node as AnyNode) ?? []].flat());
  });
  return all;
}

/** Static imports come first. */
function alwaysIn({ body }: Program): string[] {
  const specifiers = body.flatMap((statement) => {
    const hasSource = /^(?:Import|ExportAll|ExportNamed)Declaration$/.test(statement.type) && "source" in statement;
    return hasSource ? (textIn(statement.source ?? undefined) ?? []) : [];
  });
  const found: Found = { specifiers, isAwaited: false, isTried: false };
  inTurn(body, (statement) => recursive(statement, found, RUN));
  return specifiers;
}

interface Found {
  specifiers: string[];
  /** Whether what comes after waits for it. */
  isAwaited: boolean;
  /** Whether what fails in it goes unnoticed. */
  isTried: boolean;
}

/** Statements up to the first that may be the last one. */
function inTurn(body: readonly AnyNode[], run: (statement: AnyNode) => void): void {
  for (const statement of body) {
    run(statement);
    if (mayEnd(statement)) return;
  }
}

function add(specifier: AnyNode | undefined, { specifiers, isTried }: Found): void {
  const text = textIn(specifier);
  // A file that is loaded in a `try` may have failed before what it loads.
  if (text !== undefined && !(isTried && text.startsWith("."))) specifiers.push(text);
}

function nameOf(node: AnyNode): string | undefined {
  if (node.type === "MemberExpression" && node.property.type === "Identifier") return node.property.name;
  return node.type === "Identifier" ? node.name : undefined;
}

function isRequire({ callee }: CallExpression): boolean {
  if (callee.type === "Identifier") return callee.name === "require";
  return callee.type === "CallExpression" && nameOf(callee.callee) === "createRequire";
}

const NOTHING = (): void => {};

/** What is run of a part of a program whatever happens. */
const RUN: RecursiveVisitors<Found> = {
  Function: NOTHING,
  Class: NOTHING,
  ChainExpression: NOTHING,
  AssignmentPattern: NOTHING,
  LabeledStatement: NOTHING,
  IfStatement: ({ test }, found, run) => run(test, found),
  ConditionalExpression: ({ test }, found, run) => run(test, found),
  LogicalExpression: ({ left }, found, run) => run(left, found),
  WhileStatement: ({ test }, found, run) => run(test, found),
  ForStatement: ({ init }, found, run) => init && run(init, found),
  ForInStatement: ({ right }, found, run) => run(right, found),
  ForOfStatement: ({ right }, found, run) => run(right, found),
  SwitchStatement: ({ discriminant }, found, run) => run(discriminant, found),
  AssignmentExpression({ operator, right }, found, run) {
    if (!/^(?:&&|\|\||\?\?)=$/.test(operator)) run(right, found);
  },
  BlockStatement: ({ body }, found, run) => inTurn(body, (statement) => run(statement, found)),
  TryStatement({ block, handler, finalizer }, found, run) {
    const [first] = block.body;
    if (!handler) run(block, found);
    else if (first !== undefined) run(first, { ...found, isTried: true });
    if (finalizer) run(finalizer, found);
  },
  AwaitExpression: ({ argument }, found, run) => run(argument, { ...found, isAwaited: true }),
  ImportExpression({ source }, found) {
    if (found.isAwaited) add(source, found);
  },
  CallExpression(call, found, run) {
    run(call.callee, found);
    for (const argument of call.arguments) run(argument, found);
    if (isRequire(call)) add(call.arguments[0], found);
  },
};

/** Whether nothing behind a part of a program is run in some case. */
function mayEnd(statement: AnyNode): boolean {
  let may = false;
  const ends = (): void => {
    may = true;
  };
  recursive(statement, undefined, {
    Function: NOTHING,
    Class: NOTHING,
    ReturnStatement: ends,
    ThrowStatement: ends,
    CallExpression(call, state, run) {
      if (call.callee.type !== "Super" && /^(?:exit|abort|reallyExit)$/.test(nameOf(call.callee) ?? "")) ends();
      run(call.callee, state);
      for (const argument of call.arguments) run(argument, state);
    },
  });
  return may;
}
