/** What tells a hazard of a package from its others. */
export interface FoundHazard {
  /** Name and version of the package, or the path of a file of none. */
  package: string;
  hazard: string;
  /** `Class.method`, or the method alone where the class has no name that says anything, as in minified code. */
  method: string;
  place: string;
  /** Absolute. */
  path: string;
}

/** Compilers call classes `_class2`. */
const classOf = ({ method }: FoundHazard): string | undefined =>
  method.includes(".") && !/^_class\d*\./.test(method) ? method.slice(0, method.lastIndexOf(".")) : undefined;

/** Whether a finding can be the same as others, in another build of the package. */
function isAnother<T extends FoundHazard>(found: T, builds: readonly T[]): boolean {
  const own = classOf(found);
  return builds.every((other) => {
    const its = classOf(other);
    return other.path !== found.path && (own === undefined || its === undefined || own === its);
  });
}

/** Puts what was found in several builds of a package together; each class keeps its own. */
export function byBuild<T extends FoundHazard>(all: readonly T[]): T[][] {
  const groups = new Map<string, T[][]>();
  for (const found of all) {
    const key = [found.package, found.hazard, found.method.split(".").at(-1), found.place].join("\n");
    const known = groups.get(key) ?? [];
    groups.set(key, known);
    const group = known.find((builds) => isAnother(found, builds));
    if (group === undefined) known.push([found]);
    else group.push(found);
  }
  return [...groups.values()].flat();
}
