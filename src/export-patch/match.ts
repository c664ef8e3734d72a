/** Where something is in a source. */
export interface Range {
  start: number;
  end: number;
}

type Tree = Readonly<Record<string, unknown>>;

/** Positions, and how a literal was written. */
const IGNORED = new Set(["start", "end", "raw"]);

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

function hole(node: Tree): string | undefined {
  return node.type === "Identifier" && String(node.name).startsWith("$") ? String(node.name).slice(1) : undefined;
}

/** The name in a block that holds nothing but `$name`. */
function blockHole({ type, body }: Tree): string | undefined {
  if (type !== "BlockStatement" || !Array.isArray(body) || body.length !== 1) return undefined;
  const [{ expression }] = body as [Tree];
  return isTree(expression) ? hole(expression) : undefined;
}

/**
 * Whether a syntax tree has the form of another, whatever the spacing, comments and quotes.
 * @param pattern the form, in which `$name` stands for an expression and `{ $name }` for all that is in a block
 * @param holes takes up what the names stand for
 */
export function matches(pattern: unknown, node: unknown, holes: Map<string, Range>): boolean {
  if (!isTree(pattern) || !isTree(node)) return Object.is(pattern, node);
  if (Array.isArray(pattern) && Array.isArray(node)) {
    return pattern.length === node.length && pattern.every((part, index) => matches(part, node[index], holes));
  }
  const { start, end } = node as unknown as Range;
  const name = hole(pattern);
  if (name !== undefined) {
    holes.set(name, { start, end });
    return true;
  }
  const inside = node.type === "BlockStatement" ? blockHole(pattern) : undefined;
  if (inside !== undefined) {
    holes.set(inside, { start: start + 1, end: end - 1 });
    return true;
  }
  const keys = new Set([...Object.keys(pattern), ...Object.keys(node)].filter((key) => !IGNORED.has(key)));
  return [...keys].every((key) => matches(pattern[key], node[key], holes));
}
