import type { AnyNode, Program } from "acorn";
import { lookup, type Variable } from "./model.js";
import type { Survey } from "./surveyor.js";
import { bare, keyName, propertyName } from "./syntax.js";

/** What a variable, or a class without one, is exported as; "default" is also the module itself. */
export type Exports = ReadonlyMap<Variable | AnyNode, string>;

const isModuleExports = (node: AnyNode): boolean =>
  (node.type === "Identifier" && node.name === "exports") ||
  (node.type === "MemberExpression" && propertyName(node) === "exports" && bare(node.object).type === "Identifier");

/** `exports.Name` or `exports` itself. */
function exportedName(left: AnyNode): string | undefined {
  const node = bare(left);
  if (isModuleExports(node)) return "default";
  if (node.type === "MemberExpression" && isModuleExports(bare(node.object))) return propertyName(node);
  return undefined;
}

/** What a module exports, and the names outside. */
export function exportsOf({ program, module, fns }: Survey): Exports {
  const found = new Map<Variable | AnyNode, string>();
  const { scope } = module;
  const add = (node: AnyNode | null | undefined, name: string | undefined): void => {
    if (!node || name === undefined) return;
    const value = bare(node);
    if (value.type === "AssignmentExpression") {
      add(value.right, name);
      return;
    }
    const local =
      value.type === "Identifier"
        ? value.name
        : value.type === "FunctionDeclaration" || value.type === "ClassDeclaration" || value.type === "ClassExpression"
          ? value.id?.name
          : undefined;
    const variable = local === undefined ? undefined : lookup(fns.get(value)?.parent?.scope ?? scope, local);
    if (variable !== undefined && !found.has(variable)) found.set(variable, name);
    if (value.type === "ClassExpression") found.set(value, name);
    if (value.type === "ObjectExpression" && name === "default") {
      for (const property of value.properties) if (property.type === "Property") add(property.value, keyName(property));
    }
  };
  for (const statement of (program as Program).body) {
    if (statement.type === "ExportDefaultDeclaration") add(statement.declaration, "default");
    else if (statement.type === "ExportNamedDeclaration") {
      const { declaration, specifiers, source } = statement;
      if (declaration?.type === "VariableDeclaration") {
        for (const { id } of declaration.declarations) if (id.type === "Identifier") add(id, id.name);
      } else if (declaration) add(declaration, declaration.id.name);
      for (const { local, exported } of source ? [] : specifiers) {
        add(local, exported.type === "Identifier" ? exported.name : String(exported.value));
      }
    } else if (statement.type === "VariableDeclaration") {
      // `const Client = exports.Client = class {}`
      for (const { id, init } of statement.declarations) {
        const value = init && bare(init);
        if (value?.type === "AssignmentExpression") add(id, exportedName(value.left));
      }
    } else if (statement.type === "ExpressionStatement") {
      const expression = bare(statement.expression);
      const all = expression.type === "SequenceExpression" ? expression.expressions : [expression];
      for (const each of all) {
        const node = bare(each);
        if (node.type === "AssignmentExpression") add(node.right, exportedName(node.left));
      }
    }
  }
  return found;
}
