import { type Layered, type Line, mappings, plainLines, type Scope } from "./scopes.js";

interface Service {
  /** The line that names it. */
  name: string;
  scope: Scope;
}

const EXTENDS = /^\s*extends\s*:(?![\s\S]*\bfile\s*:)\s*\{?\s*(?:service\s*:\s*)?["']?([\w.-]+)/;
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
  return all.map((service) => withExtended(service, all));
}

/** A service behind what it takes over from one of the same file. */
function withExtended(service: Service, all: readonly Service[], seen: readonly Service[] = []): Scope {
  const [, name] = service.scope.map(({ text }) => EXTENDS.exec(text)).find((found) => found !== null) ?? [];
  const base = all.find((one) => one.name === `${name}:` && one !== service && !seen.includes(one));
  if (base === undefined) return service.scope;
  const inherited = withExtended(base, all, [...seen, service]);
  const isOwn = ({ text }: Line) =>
    !/^\s*environment\s*:/.test(text) && service.scope.some((own) => keyOf(own.text) === keyOf(text));
  return [...inherited.filter((line) => !isOwn(line)), ...service.scope];
}

const keyOf = (text: string) => /^\s*(\w+)\s*:/.exec(text)?.[1];

/** The scopes, each with the line above it, which names it. */
function named(content: string, key: RegExp): Service[] {
  const lines = plainLines(content).filter(({ text }) => text.trim() !== "");
  return mappings(content, key).map((scope) => {
    const above = lines.findLast(({ number }) => number < (scope[0]?.number ?? 0));
    return { name: above?.text.trim() ?? "", scope };
  });
}
