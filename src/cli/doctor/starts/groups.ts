import { mappings } from "./scopes.js";
import { linesBelow } from "./variables.js";

const nameIn = (text: string) => /^\s*(?:-\s+)?name\s*:\s*["']?([\w.-]+)/m.exec(text)?.[1];

/** The name in the metadata of an object of Kubernetes'. */
function nameOfObject(part: string): string | undefined {
  const [, inBraces, below = ""] = /^metadata\s*:[ \t]*(?:\{([^}]*)\}|\n((?:[ \t]+.*\n?)*))/m.exec(part) ?? [];
  if (inBraces !== undefined) return /(?:^|[\s,])name\s*:\s*["']?([\w.-]+)/.exec(inBraces)?.[1];
  const [indent = ""] = /^\s+/.exec(below) ?? [];
  return new RegExp(`^${indent}name\\s*:\\s*["']?([\\w.-]+)`, "m").exec(below)?.[1];
}

/** The ConfigMaps in a file. */
function configMaps(content: string): [string, string][] {
  return content.split(/^---.*$/m).flatMap((part): [string, string][] => {
    const name = nameOfObject(part);
    const [data] = /^data\s*:.*\n(?:[ \t]+.*\n?)*/m.exec(part) ?? [];
    if (name === undefined || data === undefined || !/^kind\s*:\s*ConfigMap\s*$/m.test(part)) return [];
    return [[name, linesBelow(data)]];
  });
}

/** The groups of Render's in a file. */
function ofRender(content: string): [string, string][] {
  const [, below = ""] = /^envVarGroups\s*:([\s\S]*)/m.exec(content) ?? [];
  return mappings(below, /^\s*(?:-\s+)?envVars\s*:/).flatMap((scope): [string, string][] => {
    const name = nameIn(scope.map(({ text }) => text.split("\n")[0]).join("\n"));
    const variables = scope.find(({ text }) => /^\s*(?:-\s+)?envVars\s*:/.test(text));
    return name === undefined || variables === undefined ? [] : [[name, linesBelow(variables.text)]];
  });
}

/** What is in objects that hold variables for others, by their names: undefined where several differ. */
export type Groups = ReadonlyMap<string, string | undefined>;

export function groupsIn(contents: readonly string[]): Groups {
  const all = new Map<string, string | undefined>();
  for (const [name, lines] of contents.flatMap((content) => [...configMaps(content), ...ofRender(content)])) {
    all.set(name, all.has(name) && all.get(name) !== lines ? undefined : lines);
  }
  return all;
}

/** The groups that a text names, in their order: undefined for one that is not among these, as a secret never is. */
export function groupsNamed(text: string, groups: Groups): (string | undefined)[] {
  const named = text.matchAll(
    /\b(?:configMapRef\s*:\s*\{?\s*(?:optional\s*:\s*\w+\s*,?\s*)?name|fromGroup)\s*:\s*["']?([\w.-]+)|\bsecretRef["']?\s*:/g,
  );
  return Array.from(named, ([, name = ""]) => groups.get(name));
}
