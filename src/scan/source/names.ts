const isSpace = (code: number): boolean => code <= 32;

/** Letters, digits, `$`, `_` and `#`. */
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 36 ||
  code === 95 ||
  code === 35;

function skip(text: string, end: number, is: (code: number) => boolean): number {
  let at = end;
  while (at > 0 && is(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Characters of a bracket that are looked through. */
const MAX_BRACKET = 200;

/** Where the bracket begins that ends here. */
function opening(text: string, end: number): number | undefined {
  let depth = 0;
  for (let at = end - 1; at >= 0 && end - at < MAX_BRACKET; at--) {
    const character = text[at];
    if (character === ")" || character === "]") depth++;
    else if ((character === "(" || character === "[") && --depth === 0) return at;
  }
  return undefined;
}

/** The names of a path that ends at an offset, the last one first: `queue`, `this` for `this.queue[0]`. */
export function namesBefore(text: string, end: number, most = 6): string[] {
  const names: string[] = [];
  for (let at = end; names.length < most; ) {
    at = skip(text, at, isSpace);
    const last = text[at - 1];
    if (last === "]" || last === ")") {
      const from = opening(text, at);
      if (from === undefined) break;
      at = from;
      continue;
    }
    const from = skip(text, at, isWord);
    if (from === at) break;
    names.push(text.slice(from, at));
    at = skip(text, from, isSpace);
    if (text[at - 1] !== ".") break;
    at--;
    if (text[at - 1] === "?") at--;
  }
  return names;
}
