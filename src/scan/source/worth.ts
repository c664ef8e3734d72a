/** What fills a buffer: every way that facts know of. */
const FILLS =
  /\.(?:push|unshift|add|set|concat)\s*\(|\+=|\+\+|\]\s*(?:\?\?|\|\||&&)?=[^=]|[[{]\s*\.\.\.|=\s*[\w$.#]+\s*\+|\b(?:this|self|that|_this\d*)\.[\w$#]+\.[\w$#]+\s*\(\s*[^)\s]/;

/** What empties one, lowers a flag or takes something out. */
const EMPTIES =
  /(?<!\bexports\.[\w$]+ )=\s*(?:\[\]|\{|new\b|undefined|null|void 0|!1|false|0\b|""|'')|\.clear\s*\(|\.length\s*=[^=]|\.splice\s*\(|\bdelete\b|\.shift\s*\(|=\s*[\w$.#]+\(|\bset[A-Z]\w*\(|Set\(/;

/** What other code runs by: a wait, a callback, a function of the user's. */
const LETS_IN =
  /\bawait\b|\byield\b|\.(?:then|catch|finally|bind|emit|forEach)\b|[(,]\s*(?:async\b|function\b|\(?[\w$,\s]*\)?\s*=>)|callback|listener|handler|\b(?:cb|done|next|resolve|fn|hook)\b/i;

const WRITABLE = /\b_write\b|\blog\b/;
const STREAM = /Writable|Transport|transport/;

/**
 * Whether a text has words for what a hazard is made of. Most files of a tree of dependencies have not, and need no parsing, which
 * takes longer than all the rest.
 */
export function isWorthParsing(text: string): boolean {
  if (FILLS.test(text) && EMPTIES.test(text) && LETS_IN.test(text)) return true;
  return STREAM.test(text) && WRITABLE.test(text);
}
