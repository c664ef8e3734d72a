import type { Class, PropertyDefinition } from "acorn";
import type MagicString from "magic-string";
import { dedent, indentAt, indentRest } from "./indent.js";
import { Misfit } from "./misfit.js";
import type { Addition, Joined } from "./source-fix.js";
import { methodIn } from "./syntax.js";

/** @throws {Misfit} when there is no method to come behind */
export function add(text: MagicString, owner: Class, { after, add: source }: Addition): void {
  const { start, end } = methodIn(owner, after);
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
  const { start, key, value } = methodIn(owner, name);
  if (value.params.length > 0) throw new Misfit(`${owner.id?.name}#${name} without parameters`);
  const indent = indentAt(text.original, start);
  declare(text, owner, fields);
  text.prependRight(start, `${indentRest(joined(name, worker, ...fields), indent)}\n${indent}`);
  text.update(key.start, key.end, worker);
}
