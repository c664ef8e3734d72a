const LISTED = /\bexport\s*\{([^}]*)\}(?!\s*from\b)/g;
const IN_LIST = /^\s*([\w$]+)(?:\s+as\s+(?:([\w$]+)|"([^"]+)"))?\s*$/;
const DECLARED = /\bexport\s+(default\s+)?(?:(?:async\s+)?function\s*\*?\s*|(?:class|const|let|var)\s+)([\w$]+)/g;
const DEFAULT = /\bexport\s+default\s+([\w$]+)\s*(?:;|$)/gm;

/**
 * What an ES module exports of its own, by its text: the names, and what each is called inside. A name in a comment or a string
 * may be among them; exports without a name inside, or from other modules, are not.
 */
export function ownExports(source: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, list = ""] of source.matchAll(LISTED)) {
    for (const item of list.split(",")) {
      const [, local, name, quoted] = IN_LIST.exec(item) ?? [];
      if (local !== undefined) found.set(name ?? quoted ?? local, local);
    }
  }
  for (const [, isDefault, local = ""] of source.matchAll(DECLARED)) found.set(isDefault ? "default" : local, local);
  for (const [, local = ""] of source.matchAll(DEFAULT)) found.set("default", local);
  return found;
}

/**
 * Source of an object that has the same, each as it is when it is asked for.
 * @param isName whether what it is called inside can be
 */
export function ownExportsSource(source: string, isName: (local: string) => boolean): string {
  const named = [...ownExports(source)].filter(([, local]) => isName(local));
  return `{${named.map(([name, local]) => `get ${JSON.stringify(name)}(){try{return ${local}}catch{}}`).join()}}`;
}
