/** Gives what a variable is set to. Undefined: it is not known. */
export type Lookup = (name: string) => string | undefined;

/** `$A`, `${A}` and `${A:-default}` of shells, Docker and compose. Two `$` are one that expands nothing. */
const REFERENCE = /\$\$|\$\{(\w+)(?:\[@\])?(?::?[-=]((?:[^{}]|\$\{[^{}]*\})*))?\}|\$(\w+)/g;
const OF_KUBERNETES = /\$\((\w+)\)/g;
/** What a shell does not expand, and what it makes one word of. */
const QUOTED = /('[^']*'|\\?"\$\{?\w+\}?\\?")/;
/** Options that load something. Values of others stay as they are written: nothing that is secret is shown. */
const LOADS = /(?:^|\s)(?:-r|--require|--import)\b/;
/** What stands before the value of FLUSHGUARD or FLUSHGUARD_TARGETS, which is no secret either. */
const SWITCHES = /\bFLUSHGUARD(?:_TARGETS)?["']?\s*[=:]\s*["']?$/;

/**
 * What a reference stands for. NODE_OPTIONS stays: what it holds depends on who is asked.
 * @param before what is in front of it
 */
function valueIn(name: string, before: string, lookup: Lookup, byDefault?: string): string | undefined {
  const value = name === "NODE_OPTIONS" ? undefined : lookup(name) || byDefault;
  return value !== undefined && (LOADS.test(value) || SWITCHES.test(before)) ? value : undefined;
}

/** A text with the values or defaults of the variables that hold options for Node, or what FLUSHGUARD is set to. */
export function expanded(text: string, lookup: Lookup): string {
  return text.replace(REFERENCE, (reference, inBraces, byDefault, bare, at, whole) => {
    return valueIn(inBraces ?? bare ?? "", whole.slice(0, at), lookup, byDefault) ?? reference;
  });
}

/** A variable without a value, which compose takes from where it is started. */
const HANDED_ON = /^(\s*-\s+)(FLUSHGUARD(?:_TARGETS)?)\s*$|^(\s*)(FLUSHGUARD(?:_TARGETS)?)\s*:\s*$/gm;

/** The same as compose does it, also for variables that it hands on. */
export function expandedByCompose(text: string, lookup: Lookup): string {
  const handedOn = text.replace(HANDED_ON, (line, dash, item, indent, key) => {
    const value = lookup(item ?? key);
    if (value === undefined) return line;
    return item === undefined ? `${indent}${key}: ${value}` : `${dash}${item}=${value}`;
  });
  return expanded(handedOn, lookup);
}

/** The same as Kubernetes does it. */
export function expandedByKubernetes(text: string, lookup: Lookup): string {
  return text.replace(OF_KUBERNETES, (reference, name) => valueIn(name, "", lookup) ?? reference);
}

/** The same as a shell does it: a value in quotes is one word, also where there are blanks in it. */
export function expandedByShell(text: string, lookup: Lookup): string {
  const parts = text.split(QUOTED).map((part, i) => {
    if (i % 2 === 0) return expanded(part, lookup);
    const value = part.startsWith("'") ? part : expanded(part.replace(/^\\?"|\\?"$/g, ""), lookup);
    return /\s/.test(value) ? part : value;
  });
  return parts.join("");
}

/** A text with the default of NODE_OPTIONS, as where nothing is in it. */
export function withDefault(text: string): string {
  return text.replace(/\$\{NODE_OPTIONS:?-([^{}]*)\}/g, "$1");
}
