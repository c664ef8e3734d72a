/** A string, or what opens, closes or separates. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Level {
  /** Absent: a list. */
  keys?: Set<string>;
  /** Where it is: what stands before the names of its keys. */
  at: string;
  /** The key, or the position, of what is read now. */
  now: string | number;
}

const pathOf = ({ at, now }: Level) => (typeof now === "number" ? `${at}[${now}]` : at === "" ? now : `${at}.${now}`);

/**
 * The paths of keys that a JSON text has more than once in one object, of which `JSON.parse` takes the last.
 * @param text JSON that has been parsed
 */
export function repeatedKeys(text: string): string[] {
  const repeated = new Set<string>();
  const open: Level[] = [];
  const tokens = Array.from(text.matchAll(TOKEN), ([token]) => token);
  for (const [i, token] of tokens.entries()) {
    const level = open.at(-1);
    if (token === "{" || token === "[") {
      const at = level === undefined ? "" : pathOf(level);
      open.push(token === "{" ? { keys: new Set(), at, now: "" } : { at, now: 0 });
    } else if (token === "}" || token === "]") open.pop();
    else if (token === "," && typeof level?.now === "number") level.now++;
    else if (level?.keys !== undefined && tokens[i + 1] === ":") {
      level.now = JSON.parse(token) as string;
      if (level.keys.has(level.now)) repeated.add(pathOf(level));
      level.keys.add(level.now);
    }
  }
  return [...repeated];
}
