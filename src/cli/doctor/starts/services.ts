import { type Layered, type Line, mappings, plainLines, type Scope } from "./scopes.js";

const COMMAND = /^\s*(?:command|entrypoint)\s*:/;

/** The services of compose, each with what the files that are laid over this one say of it. */
export function services({ content, over }: Layered, key: RegExp): Scope[] {
  const all = named(content, key);
  for (const { file, content } of over) {
    for (const { name, scope } of named(content, key)) {
      const lines = scope.map((line): Line => ({ ...line, file }));
      const replaces = (old: Line) => lines.some(({ text }) => COMMAND.test(text) && keyOf(text) === keyOf(old.text));
      const service = all.find((one) => one.name === name);
      if (service === undefined) all.push({ name, scope: lines });
      else service.scope = [...service.scope.filter((old) => !replaces(old)), ...lines];
    }
  }
  return all.map(({ scope }) => scope);
}

const keyOf = (text: string) => /^\s*(\w+)\s*:/.exec(text)?.[1];

/** The scopes, each with the line above it, which names it. */
function named(content: string, key: RegExp): { name: string; scope: Scope }[] {
  const lines = plainLines(content).filter(({ text }) => text.trim() !== "");
  return mappings(content, key).map((scope) => {
    const above = lines.findLast(({ number }) => number < (scope[0]?.number ?? 0));
    return { name: above?.text.trim() ?? "", scope };
  });
}
