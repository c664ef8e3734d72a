import { type Options, type Program, parse } from "acorn";

/** What kind of file a text is. By its syntax: bundlers take ES modules that no package.json declares. */
export interface Syntax {
  module: boolean;
  /** What is declared at the top of it and can be assigned. */
  assignable: ReadonlySet<string>;
}

/** @returns undefined where it is not JavaScript */
export function syntaxOf(code: string): Syntax | undefined {
  const module = parsed(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
  if (module !== undefined && isModule(module)) return { module: true, assignable: new Set(declaredIn(module)) };
  const script = module ?? parsed(code, { ecmaVersion: "latest", sourceType: "commonjs", allowHashBang: true });
  return script && { module: false, assignable: new Set() };
}

function parsed(code: string, options: Options): Program | undefined {
  try {
    return parse(code, options);
  } catch {
    return undefined;
  }
}

function isModule({ body }: Program): boolean {
  return body.some(({ type }) => /^(?:Import|Export\w*)Declaration$/.test(type));
}

function declaredIn({ body }: Program): string[] {
  return body.flatMap((statement) => {
    const exported = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const declaration = exported ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" || declaration?.type === "ClassDeclaration") {
      return declaration.id ? [declaration.id.name] : [];
    }
    if (declaration?.type !== "VariableDeclaration" || declaration.kind === "const") return [];
    return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  });
}
