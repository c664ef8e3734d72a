import { namesBefore } from "./names.js";
import { isUnclosed } from "./transports.js";

/** What fills a buffer: every way that facts know of. */
const FILLS =
  /\.\s*(?:push|unshift|add|set|concat)\s*\(|\+=|\+\+|\]\s*(?:\?\?|\|\||&&)?=[^=]|\b(?:this|self|that|_this\d*)\.[\w$#]+(?=\.[\w$#]+\s*\(\s*[^)\s])/g;

/** A buffer that is made again with what it held: `queue = [...queue, item]`, `text = text + line`. */
const REFILLS = /[[{]\s*\.\.\.([\w$.#]+)|=\s*([\w$.#]+)\s*\+(?!\+)/g;

/** What empties one, lowers a flag or takes something out. */
const EMPTIES =
  /(?<!\bexports\.[\w$]+ )=(?=\s*(?:\[\s*\]|\{|new\b|undefined|null|void 0|!1|false|0\b|""|''|[\w$.#]+\(|\(0,))|\.\s*(?:clear|splice|shift|pop|delete)\s*\(|\.length\s*=[^=]/g;

const DELETES = /\bdelete\s+([\w$.#]+)/g;

/**
 * What other code runs by: a wait, a callback, a function of the user's. Arrows are looked back from: what is in front of one may
 * be parameters, and is also what long tables are made of.
 */
const LETS_IN =
  /\bawait\b|\byield\b|\.(?:then|catch|finally|bind|emit|forEach)\b|[(,]\s*(?:async|function)\b|=>(?<=[(,]\s*\(?[\w$,\s]*\)?\s*=>)|callback|listener|handler|\b(?:cb|done|next|resolve|fn|hook)\b/i;

/** Methods of a Writable: `log(info, callback) {`, `log: function`, `key: "log"`. */
const WRITABLE = /\b_write\b|(?<!\.)\blog\s*\(|\blog\s*[:=]|["']log["']/;
const STREAM = /Writable|Duplex|Transport|transport/;
/** The same of a Transform, and what it has where it waits for its last chunk. */
const TRANSFORM = /\b_transform\b|\bnew [\w$.]*\bTransform\b/;
const LAST = /\b_?(?:flush|final|destroy)\b/;

/** Sinks that are made of functions. */
const SINK = /\bthrough2(?:_\d+)?(?:\.default)?\)?(?:\.obj)?\s*\(|\bWritable\s*\(\s*\{/;

/** A connection that something is written to, and that is closed. */
const CONNECTS = /\b(?:createSocket|createConnection|connect)\s*\(/;
const WRITES = /\.\s*(?:send|write)\s*\(/;
const CLOSES =
  /\b(?:close|destroy|shutdown|stop|end)\s*(?:=\s*(?:async\s*)?(?:function|\(|[\w$]+\s*=>)|\([^()]*\)\s*\{|:)/;

/** A flush of another object that nobody waits for, where there is one to await. */
const LEAVES =
  /(?<=(?:^|[;{})\n])\s*)[\w$#.]+\.(?:(?:force)?[fF]lush(?:Async|All)?|closeAndFlush|drain|quit)\s*\(\s*\)\s*[;\n}]/;
const PROMISES = /\basync\b|\bPromise\b|__awaiter|shutdown|close/;

/** Places that have no name of their own: private fields as compilers write them, and what is kept by a key. */
const UNNAMED =
  /rivate(?:Field)?(?:Get|Set|LooseBase)\d*\b|\.set[A-Z]\w*\([^,()]{1,60},\s*(?:\[\s*\]|\{\s*\}|new\b|null|undefined|void 0)|\.get[A-Z]\w*\([^,()]{1,60}\)\s*(?:\|\||\?\?)\s*(?:\[|\{|new\b)/;

/** Another name for a place: `const queue = this.state.queue`. */
const ALIAS = /=\s*(?:[\w$#]+\??\.)+([\w$#]+)/g;

/** A collection that is made, or something taken out of it: twice is enough where another file fills it. */
const COLLECTS = /=\s*(?:\[\s*\]|new (?:Map|Set)\b)|\.\s*(?:clear|splice|shift)\s*\(|\.length\s*=[^=]/g;

const wordsOf = (path: string): string[] => path.match(/[\w$#]+/g) ?? [];

function filledIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const { 0: what, index } of text.matchAll(FILLS)) {
    const names = namesBefore(text, what.startsWith("]") ? index + 1 : /^\w/.test(what) ? index + what.length : index);
    // It counts the turns of a loop.
    const isIndex = (what === "++" || what === "+=") && names.length === 1 && (names[0] as string).length < 3;
    if (!isIndex) for (const name of names) found.add(name);
  }
  for (const [, spread, added = spread] of text.matchAll(REFILLS))
    for (const name of wordsOf(added as string)) found.add(name);
  found.delete("this");
  return found;
}

const isDeclared = (text: string, end: number): boolean =>
  /\b(?:const|let|var)\s+[\w$]+\s*$/.test(text.slice(Math.max(0, end - 60), end));

function* emptiedIn(text: string): Generator<string> {
  for (const { 0: what, index } of text.matchAll(EMPTIES)) {
    if (what.startsWith("=") && isDeclared(text, index)) continue;
    yield* namesBefore(text, index, 1);
  }
  for (const [, path] of text.matchAll(DELETES)) yield* wordsOf(path as string);
}

/** Whether something is filled that is also emptied, by its own name or another. */
function fillsAndEmpties(text: string): boolean {
  const filled = filledIn(text);
  if (filled.size === 0) return false;
  for (const { 1: its = "", index } of text.matchAll(ALIAS)) {
    const [name = its] = namesBefore(text, index, 1);
    if (filled.has(name)) filled.add(its);
    else if (filled.has(its)) filled.add(name);
  }
  for (const name of emptiedIn(text)) if (filled.has(name)) return true;
  return false;
}

/** Whether a field is made and emptied here that another file fills. */
function isMadeForOthers(text: string, filled: (field: string) => boolean): boolean {
  const once = new Set<string>();
  for (const { index } of text.matchAll(COLLECTS)) {
    const [name, owner] = namesBefore(text, index, 2);
    if (name === undefined || owner === undefined) continue;
    if (once.has(name) && filled(name)) return true;
    once.add(name);
  }
  return false;
}

/**
 * Whether a text has words for what a hazard is made of. Most files of a tree of dependencies have not, and need no parsing, which
 * takes longer than all the rest.
 * @param filled says whether another file of the package fills a field of this name
 */
export function isWorthParsing(text: string, filled: (field: string) => boolean = () => true): boolean {
  if ((STREAM.test(text) && WRITABLE.test(text)) || isUnclosed(text)) return true;
  if (TRANSFORM.test(text) && !LAST.test(text)) return true;
  if (SINK.test(text) || (LEAVES.test(text) && PROMISES.test(text))) return true;
  if (!LETS_IN.test(text)) return false;
  if (CONNECTS.test(text) && WRITES.test(text) && CLOSES.test(text)) return true;
  return fillsAndEmpties(text) || UNNAMED.test(text) || isMadeForOthers(text, filled);
}
