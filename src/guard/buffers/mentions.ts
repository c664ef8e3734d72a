/**
 * Whether the code of an object's own methods, or of its classes, has the name of a field. A native, bound or
 * proxied one does not tell: it may.
 */
export function mentions(object: object, field: string): boolean {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (holder === Object.prototype) return false;
    const members = Object.values(Object.getOwnPropertyDescriptors(holder)).flatMap(({ value, get, set }) => [
      value,
      get,
      set,
    ]);
    for (const member of members) {
      if (typeof member !== "function") continue;
      const source = Function.prototype.toString.call(member);
      const isHidden = /\[native code\]/.test(source) && (holder !== object || member.name.startsWith("bound "));
      if (isHidden || namesIn(source).has(field)) return true;
    }
  }
  return false;
}

/** Not those of private fields. */
function namesIn(source: string): Set<string> {
  return new Set(source.match(/(?<![#\w$])[\w$]+/g));
}
