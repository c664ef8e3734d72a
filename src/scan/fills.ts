import { readFileSync } from "node:fs";

const FILL = /[\w$\])]\.(#?[\w$]+)\.(?:push|unshift|add|set|append)\s*\(/g;

/** Which fields the files of a package fill, whatever object they are of: a class of one file may be filled by another. */
export class Fills {
  readonly #known = new Map<string, ReadonlySet<string>>();

  /** @param files absolute paths of all that is scanned, sorted */
  constructor(readonly files: readonly string[]) {}

  /**
   * Whether a file of a package fills a field.
   * @param folder absolute path of the package
   */
  has(folder: string, field: string): boolean {
    let known = this.#known.get(folder);
    if (known === undefined) {
      known = this.#read(folder);
      this.#known.set(folder, known);
    }
    return known.has(field);
  }

  /** Where the files below a folder begin. */
  #first(folder: string): number {
    let low = 0;
    let high = this.files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.files[middle] as string) < folder) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #read(folder: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (let at = this.#first(`${folder}/`); this.files[at]?.startsWith(`${folder}/`); at++) {
      const file = this.files[at] as string;
      if (file.includes("/node_modules/", folder.length)) continue;
      for (const [, field] of textOf(file).matchAll(FILL)) if (field !== undefined) found.add(field);
    }
    return found;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
